/** Particles, temperature, humidity and air pressure. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlPm: DeviceModel = {
  id: 'decentlab-dl-pm',
  vendor: 'Decentlab',
  product: 'DL-PM',
  format: 'frame',
  codec: 'decentlab-dl-pm',
  heartbeat: 3600,
  quantities: ['pm1', 'pm25', 'pm10', 'temperature', 'relativeHumidity', 'atmosphericPressure'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'All values',
      fPort: 1,
      bytesHex: '021b50000f0c25002500270027002701f50107012c012d012d012d67bd618dbd10',
      expected: {
        now: {
          batteryVoltage: 3.109,
          pm1: 3.7,
          pm25: 3.9,
          pm10: 3.9,
          temperature: 24.35660461425781,
          relativeHumidity: 41.63221740722656,
          atmosphericPressure: 968,
        },
      },
    },
    {
      description: 'Without particles',
      fPort: 1,
      bytesHex: '021b50000d0c2567bd618dbd10',
      expected: {
        now: {
          batteryVoltage: 3.109,
          temperature: 24.35660461425781,
          relativeHumidity: 41.63221740722656,
          atmosphericPressure: 968,
        },
      },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '021b5000010c25',
      expected: { now: { batteryVoltage: 3.109 } },
    },
  ],
};
