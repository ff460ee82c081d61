/** Weather station of the second generation: wind, rain, temperature, humidity, air pressure. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlAtm41G2: DeviceModel = {
  id: 'decentlab-dl-atm41g2',
  vendor: 'Decentlab',
  product: 'DL-ATM41G2',
  format: 'frame',
  codec: 'decentlab-dl-atm41g2',
  heartbeat: 3600,
  quantities: ['windSpeed', 'windDirection', 'temperature', 'precipitation', 'atmosphericPressure', 'relativeHumidity'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Dry',
      fPort: 1,
      bytesHex: '025ef80003805c000080008000803484b3803680e78086a60181d680ed81c9809f8000117000010adc',
      expected: {
        now: {
          windSpeed: 0.52,
          windDirection: 120.3,
          temperature: 23.1,
          precipitation: 0,
          atmosphericPressure: 972.9,
          relativeHumidity: 47,
          batteryVoltage: 2.78,
        },
      },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '025ef800020adc',
      expected: { now: { batteryVoltage: 2.78 } },
    },
  ],
};
