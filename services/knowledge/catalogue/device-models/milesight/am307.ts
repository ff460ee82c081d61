/** Climate of a room: temperature, humidity, CO₂, air pressure. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightAm307: DeviceModel = {
  id: 'milesight-am307',
  vendor: 'Milesight',
  product: 'AM307',
  format: 'frame',
  codec: 'milesight-am307',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity', 'co2', 'atmosphericPressure'],
  examples: [
    {
      description: 'All values',
      fPort: 85,
      bytesHex: '0367ee0004687c05000106cb02077da803087d250009736627',
      expected: { now: { temperature: 23.8, relativeHumidity: 62, co2: 936, atmosphericPressure: 1008.6 } },
    },
    {
      description: 'An unheated room, volatile compounds by mass',
      fPort: 85,
      bytesHex: '01755a0367f6ff046850050000077d900108e62500',
      expected: { now: { batteryLevel: 90, temperature: -1.0, relativeHumidity: 40, co2: 400 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e744663ee007c000102a80325006627',
      expected: {
        '2022-10-12T08:02:38Z': { temperature: 23.8, relativeHumidity: 62, co2: 936, atmosphericPressure: 1008.6 },
      },
    },
    {
      description: 'The same with volatile compounds by mass',
      fPort: 85,
      bytesHex: '21ce9e744663ee007c000102a80325006627',
      expected: {
        '2022-10-12T08:02:38Z': { temperature: 23.8, relativeHumidity: 62, co2: 936, atmosphericPressure: 1008.6 },
      },
    },
  ],
};
