/** Dragino LHT65N: temperature and humidity, with a socket for a probe; keeps what it measured without a network. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoLht65n: DeviceModel = {
  id: 'dragino-lht65n',
  vendor: 'Dragino',
  product: 'LHT65N',
  format: 'frame',
  codec: 'dragino-lht65',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  batteryVoltageLimit: 2.6,
  examples: [
    {
      description: 'a cold room, no probe',
      fPort: 2,
      bytesHex: 'cbc6008200f2017fff7fff',
      expected: { now: { batteryVoltage: 3.014, temperature: 1.3, relativeHumidity: 24.2 } },
    },
    {
      description: 'with a probe',
      fPort: 2,
      bytesHex: 'cc5609c001ec01096c7fff',
      expected: {
        now: { batteryVoltage: 3.158, temperature: 24.96, relativeHumidity: 49.2, 'temperature.external': 24.12 },
      },
    },
    {
      description: 'frost inside and out',
      fPort: 2,
      bytesHex: 'cba4f7c6023701fc187fff',
      expected: {
        now: { batteryVoltage: 2.98, temperature: -21.06, relativeHumidity: 56.7, 'temperature.external': -10 },
      },
    },
    {
      description: 'what was logged',
      fPort: 3,
      bytesHex: '7fff089801464160065f977fff088e014b4160066009',
      expected: {
        '2021-01-19T04:27:03.000Z': { temperature: 22, relativeHumidity: 32.6 },
        '2021-01-19T04:28:57.000Z': { temperature: 21.9, relativeHumidity: 33.1 },
      },
    },
    {
      description: 'about itself',
      fPort: 5,
      bytesHex: '0b010001ff0bef',
      expected: { now: { batteryVoltage: 3.055 } },
    },
  ],
};
