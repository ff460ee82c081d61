/** Dragino LDS02 (ring holder): the same contact in the holder of a rescue ring: open is taken. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoLds02Holder: DeviceModel = {
  id: 'dragino-lds02-holder',
  vendor: 'Dragino',
  product: 'LDS02 (ring holder)',
  format: 'frame',
  codec: 'dragino-contact',
  heartbeat: 24 * 3600,
  mapping: {
    contact: { quantity: 'holderState' },
  },
  quantities: ['holderState'],
  batteryVoltageLimit: 2.4,
  examples: [
    {
      description: 'ring in its place',
      fPort: 10,
      bytesHex: '0b8801001bb300000000',
      expected: { now: { batteryVoltage: 2.952, holderState: 'present' } },
    },
    {
      description: 'ring taken',
      fPort: 10,
      bytesHex: '8c960100000200001200',
      expected: { now: { batteryVoltage: 3.222, holderState: 'removed' } },
    },
  ],
};
