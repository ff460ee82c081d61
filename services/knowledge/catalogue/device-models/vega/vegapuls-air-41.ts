/** VEGA VEGAPULS Air 41: a radar level sensor with a battery, for ranges up to 15 m. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const vegaVegapulsAir41: DeviceModel = {
  id: 'vega-vegapuls-air-41',
  vendor: 'VEGA',
  product: 'VEGAPULS Air 41',
  format: 'frame',
  codec: 'vega-air',
  heartbeat: 24 * 3600,
  quantities: ['distance', 'temperature'],
  examples: [
    {
      description: 'metres',
      fPort: 1,
      bytesHex: '083fa31f152d2401042009',
      expected: { now: { distance: 1274.3860483169556, batteryLevel: 36, temperature: 26, tiltAngle: 9 } },
    },
    {
      description: 'millimetres, frost, lying on its side',
      fPort: 1,
      bytesHex: '0844fa00003164ffce205a',
      expected: { now: { distance: 2000, batteryLevel: 100, temperature: -5, tiltAngle: 90 } },
    },
  ],
};
