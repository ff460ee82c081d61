/** People passing below up to four lines, and staying in four regions. Line 1 counts as inbound and outbound, line 2 as inbound-2 and outbound-2. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightVs133: DeviceModel = {
  id: 'milesight-vs133',
  vendor: 'Milesight',
  product: 'VS133, VS135',
  format: 'frame',
  codec: 'milesight-vs133',
  heartbeat: 3600,
  quantities: ['peopleCount.inbound', 'peopleCount.outbound'],
  examples: [
    {
      description: 'A period of four lines',
      fPort: 85,
      bytesHex: '05cc0000000008cc010000000bcc000002000ecc05000700',
      expected: {
        now: {
          'peopleCount.inbound': 0,
          'peopleCount.outbound': 0,
          'peopleCount.inbound-2': 1,
          'peopleCount.outbound-2': 0,
          'peopleCount.inbound-3': 0,
          'peopleCount.outbound-3': 2,
          'peopleCount.inbound-4': 5,
          'peopleCount.outbound-4': 7,
        },
      },
    },
    {
      description: 'Counts in all: the periods say the same',
      fPort: 85,
      bytesHex: '03d24800000004d2c800000006d20000000007d20000000009d2000000000ad2000000000cd2b41400000dd28d1a0000',
      expected: {},
    },
    {
      description: 'Regions, and how long they stayed',
      fPort: 85,
      bytesHex: '0fe30210070910e40109101121',
      expected: {
        now: {
          'peopleInside.region1': 2,
          'peopleInside.region2': 16,
          'peopleInside.region3': 7,
          'peopleInside.region4': 9,
        },
      },
    },
  ],
};
