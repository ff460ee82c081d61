/** Dragino LSN50v2 (D20, D22, D23, S31): a node for probes: up to three temperatures, or temperature and humidity, or a distance. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoLsn50v2: DeviceModel = {
  id: 'dragino-lsn50v2',
  vendor: 'Dragino',
  product: 'LSN50v2 (D20, D22, D23, S31)',
  format: 'frame',
  codec: 'dragino-lsn50',
  heartbeat: 3600,
  examples: [
    {
      description: 'three probes',
      fPort: 2,
      bytesHex: '0e41008200000c0034fffd',
      expected: { now: { batteryVoltage: 3.649, temperature: 13, 'temperature.2': 5.2, 'temperature.3': -0.3 } },
    },
    {
      description: 'one probe in the frost',
      fPort: 2,
      bytesHex: '0e41ff9c00000c7fff7fff',
      expected: { now: { batteryVoltage: 3.649, temperature: -10 } },
    },
    {
      description: 'temperature and humidity',
      fPort: 2,
      bytesHex: '0e417fff00000000f50221',
      expected: { now: { batteryVoltage: 3.649, 'temperature.2': 24.5, relativeHumidity: 54.5 } },
    },
    {
      description: 'a distance',
      fPort: 2,
      bytesHex: '0e41008200000407d0',
      expected: { now: { batteryVoltage: 3.649, temperature: 13, distance: 2000 } },
    },
  ],
};
