/** Soil of trees, beds and pitches. Depths are channels: soilMoistureVwc.30cm. */
import { gauge, sdm } from '../quantity.ts';

export const soilQuantities = [
  gauge('soilMoistureVwc', 'jordfugt', 'soil moisture', '%', [0, 100], {
    decimals: 1,
    ...sdm('GreenspaceRecord.soilMoistureVwc', 0.01),
  }),
  // Positive suction.
  gauge('soilMoisturePressure', 'jordsug', 'soil suction', 'kPa', [0, 2000], {
    decimals: 0,
    ...sdm('GreenspaceRecord.soilMoisturePressure'),
  }),
  gauge('soilTemperature', 'jordtemperatur', 'soil temperature', 'Cel', [-40, 70], {
    decimals: 1,
    ...sdm('GreenspaceRecord.soilTemperature'),
  }),
];
