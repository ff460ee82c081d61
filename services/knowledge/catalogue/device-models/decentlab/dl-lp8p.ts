/** CO₂, temperature, humidity and air pressure of a room. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlLp8P: DeviceModel = {
  id: 'decentlab-dl-lp8p',
  vendor: 'Decentlab',
  product: 'DL-LP8P',
  format: 'frame',
  codec: 'decentlab-dl-lp8p',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity', 'atmosphericPressure', 'co2'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'All values',
      fPort: 1,
      bytesHex: '020578000f67bd618d1cedbd1081d981f4895b0bd80bb50000959895390c25',
      expected: {
        now: {
          temperature: 24.35660461425781,
          relativeHumidity: 41.63221740722656,
          atmosphericPressure: 968,
          co2: 473,
          batteryVoltage: 3.109,
        },
      },
    },
    {
      description: 'Without CO₂',
      fPort: 1,
      bytesHex: '020578000b67bd618d1cedbd100c25',
      expected: {
        now: {
          temperature: 24.35660461425781,
          relativeHumidity: 41.63221740722656,
          atmosphericPressure: 968,
          batteryVoltage: 3.109,
        },
      },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '02057800080c25',
      expected: { now: { batteryVoltage: 3.109 } },
    },
  ],
};
