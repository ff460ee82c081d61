/** Pressure cell in the water, of the exact kind. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlPr36: DeviceModel = {
  id: 'decentlab-dl-pr36',
  vendor: 'Decentlab',
  product: 'DL-PR36',
  format: 'frame',
  codec: 'decentlab-dl-pr36',
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
      bytesHex: '02032b0003806797810c2b',
      expected: { now: { waterDepth: 0.128211387451, temperature: 23.50390625, batteryVoltage: 3.115 } },
    },
    {
      description: 'A degree below zero',
      fPort: 1,
      bytesHex: '02032b0003a0007f000c2b',
      expected: { now: { waterDepth: 10.197162, temperature: -1.0, batteryVoltage: 3.115 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '02032b00020c2b',
      expected: { now: { batteryVoltage: 3.115 } },
    },
  ],
};
