/** Keller ADT1: a level sensor with a battery and an antenna in its head. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

/** Metres of water that weigh a bar: 10⁵ Pa / (1000 kg/m³ · 9.80665 m/s²). */
const METRES_A_BAR = 100_000 / 9806.65;

export const kellerAdt1: DeviceModel = {
  id: 'keller-adt1',
  vendor: 'Keller',
  product: 'ADT1',
  format: 'frame',
  codec: 'keller-adt',
  heartbeat: 24 * 3600,
  mapping: {
    pd: { quantity: 'waterDepth', factor: METRES_A_BAR },
    tob1: { quantity: 'temperature' },
    pBaro: { quantity: 'atmosphericPressure', factor: 1000 },
    tBaro: { quantity: 'temperature.baro' },
  },
  quantities: ['waterDepth'],
  examples: [
    {
      description: 'a quarter of a bar of water',
      fPort: 1,
      bytesHex: '010900d33e8000003fa00000412000003f80000041400000',
      expected: {
        now: { waterDepth: 2.5492905324, temperature: 10, atmosphericPressure: 1000, 'temperature.baro': 12 },
      },
    },
    {
      description: 'water near freezing, depth and temperature only',
      fPort: 1,
      bytesHex: '010900113f000000bf000000',
      expected: { now: { waterDepth: 5.0985810649, temperature: -0.5 } },
    },
    {
      description: 'about itself',
      fPort: 1,
      bytesHex: '0c0905131415',
      expected: {},
    },
  ],
};
