/** Pressure, temperature and conductivity of water; the temperature is that of the probe. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlPr36Ctd: DeviceModel = {
  id: 'decentlab-dl-pr36ctd',
  vendor: 'Decentlab',
  product: 'DL-PR36CTD',
  format: 'frame',
  codec: 'decentlab-dl-pr36ctd',
  heartbeat: 3600,
  // One bar is 10.197162 m of water at 4 °C: 100 000 Pa / (1000 kg/m³ · 9.80665 m/s²).
  mapping: {
    pressure: { quantity: 'waterDepth', factor: 10.197162 },
  },
  quantities: ['waterDepth', 'temperature'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Depth and temperature',
      fPort: 1,
      bytesHex: '020a17000380079786978180060c2b',
      expected: { now: { waterDepth: 0.00871339526367, temperature: 23.50390625, batteryVoltage: 3.115 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '020a1700020c2b',
      expected: { now: { batteryVoltage: 3.115 } },
    },
  ],
};
