/** Climate of a room: temperature, humidity, pressure, light, CO₂, volatile compounds. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlIam: DeviceModel = {
  id: 'decentlab-dl-iam',
  vendor: 'Decentlab',
  product: 'DL-IAM',
  format: 'frame',
  codec: 'decentlab-dl-iam',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity', 'atmosphericPressure', 'illuminance', 'co2', 'tvoc'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'All values',
      fPort: 1,
      bytesHex: '020bbd007f0b926a515d48bc4e0262006981c7000093d4000b0111',
      expected: {
        now: {
          batteryVoltage: 2.962,
          temperature: 27.67833981841764,
          relativeHumidity: 36.438544289311054,
          atmosphericPressure: 964.12,
          illuminance: 678.76512,
          co2: 455,
          tvoc: 273,
        },
      },
    },
    {
      description: 'Without CO₂',
      fPort: 1,
      bytesHex: '020bbd006f0b926a515d48bc4e02620069000b0111',
      expected: {
        now: {
          batteryVoltage: 2.962,
          temperature: 27.67833981841764,
          relativeHumidity: 36.438544289311054,
          atmosphericPressure: 964.12,
          illuminance: 678.76512,
          tvoc: 273,
        },
      },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '020bbd00010b92',
      expected: { now: { batteryVoltage: 2.962 } },
    },
  ],
};
