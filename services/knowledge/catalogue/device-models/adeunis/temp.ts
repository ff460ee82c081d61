/** Adeunis TEMP: temperature, inside and at the end of a cable. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const adeunisTemp: DeviceModel = {
  id: 'adeunis-temp',
  vendor: 'Adeunis',
  product: 'TEMP',
  format: 'frame',
  codec: 'adeunis',
  heartbeat: 24 * 3600,
  quantities: ['temperature'],
  examples: [
    {
      description: 'inside and on the cable',
      fPort: 1,
      bytesHex: '573000e6ff9c',
      expected: { now: { temperature: 23, 'temperature.external': -10 } },
    },
    {
      description: 'no cable, battery low',
      fPort: 1,
      bytesHex: '575200e68000',
      expected: { now: { temperature: 23 } },
    },
    {
      description: 'one sensor only',
      fPort: 1,
      bytesHex: '5740ffe7',
      expected: { now: { temperature: -2.5 } },
    },
    {
      description: 'first generation, the second probe switched off',
      fPort: 1,
      bytesHex: '43201100eb208000',
      expected: { now: { temperature: 23.5 } },
    },
    {
      description: 'daily frame',
      fPort: 1,
      bytesHex: '3020',
      expected: {},
    },
  ],
};
