/** Climate of a room with particles and ozone. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightAm319O3: DeviceModel = {
  id: 'milesight-am319-o3',
  vendor: 'Milesight',
  product: 'AM319 (O3)',
  format: 'frame',
  codec: 'milesight-am319-o3',
  heartbeat: 3600,
  // Parts per million to micrograms at 293 K and 101.3 kPa, as Directive 2008/50/EC, Annex VI, reports gases: 48 g/mol in 24.06 L/mol.
  mapping: {
    ozone: { quantity: 'o3', factor: 1995 },
  },
  quantities: ['temperature', 'relativeHumidity', 'co2', 'atmosphericPressure', 'pm25', 'pm10', 'o3'],
  examples: [
    {
      description: 'All values',
      fPort: 85,
      bytesHex: '0367ee0004687c05000106cb02077da803087d2500097366270b7d20000c7d30000d7d0500',
      expected: {
        now: {
          temperature: 23.8,
          relativeHumidity: 62,
          co2: 936,
          atmosphericPressure: 1008.6,
          pm25: 32,
          pm10: 48,
          o3: 99.75,
        },
      },
    },
    {
      description: 'Clean air in an unheated room',
      fPort: 85,
      bytesHex: '0367f6ff0b7d00000c7d01000d7d0000',
      expected: { now: { temperature: -1.0, pm25: 0, pm10: 1, o3: 0 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '21ce9e744663ee007c000102a80325006627200030000500',
      expected: {
        '2022-10-12T08:02:38Z': {
          temperature: 23.8,
          relativeHumidity: 62,
          co2: 936,
          atmosphericPressure: 1008.6,
          pm25: 32,
          pm10: 48,
          o3: 99.75,
        },
      },
    },
  ],
};
