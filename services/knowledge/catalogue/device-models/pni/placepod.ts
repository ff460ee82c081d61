/** PNI PlacePod: a parking sensor in or on the surface. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const pniPlacepod: DeviceModel = {
  id: 'pni-placepod',
  vendor: 'PNI',
  product: 'PlacePod',
  format: 'frame',
  codec: 'pni-placepod',
  heartbeat: 24 * 3600,
  quantities: ['spotState'],
  examples: [
    {
      description: 'taken, with temperature and battery',
      fPort: 1,
      bytesHex: '03020168026700e6156601',
      expected: { now: { batteryVoltage: 3.6, temperature: 23, spotState: 'occupied' } },
    },
    {
      description: 'still free, frost',
      fPort: 1,
      bytesHex: '0267ff9c376600',
      expected: { now: { temperature: -10, spotState: 'free' } },
    },
    {
      description: 'recalibrated',
      fPort: 1,
      bytesHex: '010101',
      expected: {},
    },
  ],
};
