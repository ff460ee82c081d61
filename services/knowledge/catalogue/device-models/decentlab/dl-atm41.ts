/** Weather station: wind, rain, temperature, humidity, air pressure. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlAtm41: DeviceModel = {
  id: 'decentlab-dl-atm41',
  vendor: 'Decentlab',
  product: 'DL-ATM41',
  format: 'frame',
  codec: 'decentlab-dl-atm41',
  heartbeat: 3600,
  quantities: ['windSpeed', 'windDirection', 'temperature', 'precipitation', 'atmosphericPressure', 'relativeHumidity'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'A light air',
      fPort: 1,
      bytesHex: '02035a0003800a8000800080008009812b8014810880b4a57c820c810980027fe88056800880040bf5',
      expected: {
        now: {
          windSpeed: 0.09,
          windDirection: 29.9,
          temperature: 26.4,
          precipitation: 0,
          atmosphericPressure: 959.6,
          relativeHumidity: 52.4,
          batteryVoltage: 3.061,
        },
      },
    },
    {
      description: 'Rain and frost',
      fPort: 1,
      bytesHex: '02035a0003800084b0800080008009812b80147fc980b4a57c83d4810980027fe88056800880040bf5',
      expected: {
        now: {
          windSpeed: 0.09,
          windDirection: 29.9,
          temperature: -5.5,
          precipitation: 1.2,
          atmosphericPressure: 959.6,
          relativeHumidity: 98,
          batteryVoltage: 3.061,
        },
      },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '02035a00020bf5',
      expected: { now: { batteryVoltage: 3.061 } },
    },
  ],
};
