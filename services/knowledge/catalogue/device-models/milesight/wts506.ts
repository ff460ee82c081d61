/** Weather station: temperature, humidity, pressure, wind. Rain is a sum since its start, so it is no reading yet. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightWts506: DeviceModel = {
  id: 'milesight-wts506',
  vendor: 'Milesight',
  product: 'WTS506',
  format: 'frame',
  codec: 'milesight-wts506',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity', 'windDirection', 'windSpeed', 'atmosphericPressure'],
  examples: [
    {
      description: 'Temperature and humidity',
      fPort: 85,
      bytesHex: '0175640367ff00046879',
      expected: { now: { batteryLevel: 100, temperature: 25.5, relativeHumidity: 60.5 } },
    },
    {
      description: 'Wind and rain, in frost',
      fPort: 85,
      bytesHex: '0367c9ff0584ba0406734f270792010008777b0001',
      expected: { now: { temperature: -5.5, windDirection: 121, atmosphericPressure: 1006.3, windSpeed: 0.1 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20cee59be164ff00794f27ba0432008d13',
      expected: {
        '2023-08-20T04:51:49Z': {
          temperature: 25.5,
          relativeHumidity: 60.5,
          atmosphericPressure: 1006.3,
          windDirection: 121,
          windSpeed: 5,
        },
      },
    },
    {
      description: 'The same of newer firmware',
      fPort: 85,
      bytesHex: '21cee59be164ff00794f27ba043200ea840100',
      expected: {
        '2023-08-20T04:51:49Z': {
          temperature: 25.5,
          relativeHumidity: 60.5,
          atmosphericPressure: 1006.3,
          windDirection: 121,
          windSpeed: 5,
        },
      },
    },
  ],
};
