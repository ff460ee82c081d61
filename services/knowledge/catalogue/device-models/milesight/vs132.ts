/** People passing below, in and out, counted in each period. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightVs132: DeviceModel = {
  id: 'milesight-vs132',
  vendor: 'Milesight',
  product: 'VS132',
  format: 'frame',
  codec: 'milesight-vs132',
  heartbeat: 3600,
  quantities: ['peopleCount.inbound', 'peopleCount.outbound'],
  examples: [
    {
      description: 'Start-up with its counts in all',
      fPort: 85,
      bytesHex: 'ff0101ff166614c39694870000ff090102ff1f8401000103d2be00000004d23101000005cc00000000',
      expected: { now: { 'peopleCount.inbound': 0, 'peopleCount.outbound': 0 } },
    },
    {
      description: 'A period',
      fPort: 85,
      bytesHex: '05cc13001400',
      expected: { now: { 'peopleCount.inbound': 19, 'peopleCount.outbound': 20 } },
    },
    {
      description: 'Counts in all: the periods say the same',
      fPort: 85,
      bytesHex: '03d24800000004d2c8000000',
      expected: {},
    },
  ],
};
