/** Dragino PS-LB: a submersible pressure probe: the depth of water over it. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoPsLb: DeviceModel = {
  id: 'dragino-ps-lb',
  vendor: 'Dragino',
  product: 'PS-LB',
  format: 'frame',
  codec: 'dragino-ps-lb',
  heartbeat: 3600,
  examples: [
    {
      description: 'half of three metres',
      fPort: 2,
      bytesHex: '0ce400032ee0000000',
      expected: { now: { batteryVoltage: 3.3, waterDepth: 1.5 } },
    },
    {
      description: 'the probe hangs in the air',
      fPort: 2,
      bytesHex: '0ce400030f3c000000',
      expected: { now: { batteryVoltage: 3.3, waterDepth: 0 } },
    },
    {
      description: 'a probe for pipes',
      fPort: 2,
      bytesHex: '0ce401052ee0000000',
      expected: { now: { batteryVoltage: 3.3 } },
    },
    {
      description: 'about itself',
      fPort: 5,
      bytesHex: '16010001ff0ce4',
      expected: { now: { batteryVoltage: 3.3 } },
    },
  ],
};
