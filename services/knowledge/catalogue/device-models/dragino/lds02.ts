/** Dragino LDS02: a contact on a door. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoLds02: DeviceModel = {
  id: 'dragino-lds02',
  vendor: 'Dragino',
  product: 'LDS02',
  format: 'frame',
  codec: 'dragino-contact',
  heartbeat: 24 * 3600,
  mapping: {
    contact: { quantity: 'doorState' },
  },
  quantities: ['doorState'],
  batteryVoltageLimit: 2.4,
  examples: [
    {
      description: 'closed',
      fPort: 10,
      bytesHex: '0b8801001bb300000000',
      expected: { now: { batteryVoltage: 2.952, doorState: 'closed' } },
    },
    {
      description: 'open',
      fPort: 10,
      bytesHex: '8c960100000200001200',
      expected: { now: { batteryVoltage: 3.222, doorState: 'open' } },
    },
  ],
};
