/** Browan TBDW100 (ring holder): the same contact in the holder of a rescue ring: open is taken. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const browanTbdw100Holder: DeviceModel = {
  id: 'browan-tbdw100-holder',
  vendor: 'Browan',
  product: 'TBDW100 (ring holder)',
  format: 'frame',
  codec: 'browan-tabs',
  heartbeat: 24 * 3600,
  mapping: {
    contact: { quantity: 'holderState' },
  },
  quantities: ['holderState'],
  examples: [
    {
      description: 'ring taken',
      fPort: 100,
      bytesHex: '010b390500030000',
      expected: { now: { batteryVoltage: 3.6, temperature: 25, holderState: 'removed' } },
    },
    {
      description: 'ring in its place, frost',
      fPort: 100,
      bytesHex: '000a1b0000040000',
      expected: { now: { batteryVoltage: 3.5, temperature: -5, holderState: 'present' } },
    },
  ],
};
