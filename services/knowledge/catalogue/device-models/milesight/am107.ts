/** Climate of a room: temperature, humidity, light, CO₂, volatile compounds, air pressure. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightAm107: DeviceModel = {
  id: 'milesight-am107',
  vendor: 'Milesight',
  product: 'AM107',
  format: 'frame',
  codec: 'milesight-am107',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity', 'illuminance', 'co2', 'tvoc', 'atmosphericPressure'],
  examples: [
    {
      description: 'All values',
      fPort: 85,
      bytesHex: '01755c03673401046865056a490006651c0079001400077de704087d070009733f27',
      expected: {
        now: {
          batteryLevel: 92,
          temperature: 30.8,
          relativeHumidity: 50.5,
          illuminance: 28,
          co2: 1255,
          tvoc: 7,
          atmosphericPressure: 1004.7,
        },
      },
    },
    {
      description: 'An unheated room in the dark',
      fPort: 85,
      bytesHex: '0367f6ff0468500665000000000000',
      expected: { now: { temperature: -1.0, relativeHumidity: 40, illuminance: 0 } },
    },
  ],
};
