/** Temperature of a road surface, air and dew point beside it. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlCws: DeviceModel = {
  id: 'decentlab-dl-cws',
  vendor: 'Decentlab',
  product: 'DL-CWS',
  format: 'frame',
  codec: 'decentlab-dl-cws',
  heartbeat: 3600,
  quantities: ['roadSurfaceTemperature', 'temperature', 'relativeHumidity', 'dewPoint'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Summer',
      fPort: 1,
      bytesHex: '02463900038a778a95977a874c80478a5e0b74',
      expected: {
        now: {
          roadSurfaceTemperature: 26.79,
          temperature: 27.09,
          relativeHumidity: 60.1,
          dewPoint: 18.68,
          batteryVoltage: 2.932,
        },
      },
    },
    {
      description: 'Rime',
      fPort: 1,
      bytesHex: '02463900037f6a8032a6487fec802580300b74',
      expected: {
        now: {
          roadSurfaceTemperature: -1.5,
          temperature: 0.5,
          relativeHumidity: 98,
          dewPoint: -0.2,
          batteryVoltage: 2.932,
        },
      },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '02463900020b74',
      expected: { now: { batteryVoltage: 2.932 } },
    },
  ],
};
