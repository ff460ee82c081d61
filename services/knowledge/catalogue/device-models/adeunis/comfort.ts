/** Adeunis COMFORT: temperature and humidity of a room. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const adeunisComfort: DeviceModel = {
  id: 'adeunis-comfort',
  vendor: 'Adeunis',
  product: 'COMFORT',
  format: 'frame',
  codec: 'adeunis',
  heartbeat: 24 * 3600,
  quantities: ['temperature', 'relativeHumidity'],
  examples: [
    {
      description: 'a room',
      fPort: 1,
      bytesHex: '4c2000d72d',
      expected: { now: { temperature: 21.5, relativeHumidity: 45 } },
    },
    {
      description: 'a cold store',
      fPort: 1,
      bytesHex: '4c40ff9c5a',
      expected: { now: { temperature: -10, relativeHumidity: 90 } },
    },
  ],
};
