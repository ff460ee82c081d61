/** Pressure cell in the water, 0 to 1 bar; other ranges by the tags pressureMin and pressureMax (bar). */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlPr26: DeviceModel = {
  id: 'decentlab-dl-pr26',
  vendor: 'Decentlab',
  product: 'DL-PR26',
  format: 'frame',
  codec: 'decentlab-dl-pr26',
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
      bytesHex: '020167000345cb60170c7f',
      expected: { now: { waterDepth: 0.461498756287, temperature: 25.671875, batteryVoltage: 3.199 } },
    },
    {
      description: 'At the end of its range, two degrees below zero',
      fPort: 1,
      bytesHex: '0201670003c0003d800c7f',
      expected: { now: { waterDepth: 10.197162, temperature: -2.0, batteryVoltage: 3.199 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '02016700020c7f',
      expected: { now: { batteryVoltage: 3.199 } },
    },
  ],
};
