/** Browan TBDW100: a contact on a door or window. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const browanTbdw100: DeviceModel = {
  id: 'browan-tbdw100',
  vendor: 'Browan',
  product: 'TBDW100',
  format: 'frame',
  codec: 'browan-tabs',
  heartbeat: 24 * 3600,
  mapping: {
    contact: { quantity: 'doorState' },
  },
  quantities: ['doorState'],
  examples: [
    {
      description: 'open',
      fPort: 100,
      bytesHex: '010b390500030000',
      expected: { now: { batteryVoltage: 3.6, temperature: 25, doorState: 'open' } },
    },
    {
      description: 'closed, frost',
      fPort: 100,
      bytesHex: '000a1b0000040000',
      expected: { now: { batteryVoltage: 3.5, temperature: -5, doorState: 'closed' } },
    },
  ],
};
