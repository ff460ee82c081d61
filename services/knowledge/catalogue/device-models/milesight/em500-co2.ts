/** CO₂, temperature, humidity and air pressure, for rough places. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm500Co2: DeviceModel = {
  id: 'milesight-em500-co2',
  vendor: 'Milesight',
  product: 'EM500-CO2',
  format: 'frame',
  codec: 'milesight-em500-co2',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity', 'co2', 'atmosphericPressure'],
  examples: [
    {
      description: 'All values',
      fPort: 85,
      bytesHex: '01756403671901046873057d670406736827',
      expected: {
        now: { batteryLevel: 100, temperature: 28.1, relativeHumidity: 57.5, co2: 1127, atmosphericPressure: 1008.8 },
      },
    },
    {
      description: 'Frost',
      fPort: 85,
      bytesHex: '0367f6ff057d9001',
      expected: { now: { temperature: -1.0, co2: 400 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e74466367046827190173',
      expected: {
        '2022-10-12T08:02:38Z': { co2: 1127, atmosphericPressure: 1008.8, temperature: 28.1, relativeHumidity: 57.5 },
      },
    },
  ],
};
