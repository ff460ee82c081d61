/** Climate of a room with particles. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightAm308: DeviceModel = {
  id: 'milesight-am308',
  vendor: 'Milesight',
  product: 'AM308',
  format: 'frame',
  codec: 'milesight-am308',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity', 'co2', 'atmosphericPressure', 'pm25', 'pm10'],
  examples: [
    {
      description: 'All values',
      fPort: 85,
      bytesHex: '0367ee0004687c05000106cb02077da803087d2500097366270b7d20000c7d3000',
      expected: {
        now: { temperature: 23.8, relativeHumidity: 62, co2: 936, atmosphericPressure: 1008.6, pm25: 32, pm10: 48 },
      },
    },
    {
      description: 'Clean air in an unheated room',
      fPort: 85,
      bytesHex: '0367f6ff0b7d00000c7d0100',
      expected: { now: { temperature: -1.0, pm25: 0, pm10: 1 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e744663ee007c000102a8032500662720003000',
      expected: {
        '2022-10-12T08:02:38Z': {
          temperature: 23.8,
          relativeHumidity: 62,
          co2: 936,
          atmosphericPressure: 1008.6,
          pm25: 32,
          pm10: 48,
        },
      },
    },
  ],
};
