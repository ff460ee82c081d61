/** Climate of a room: temperature, humidity, CO₂. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightAm103: DeviceModel = {
  id: 'milesight-am103',
  vendor: 'Milesight',
  product: 'AM103',
  format: 'frame',
  codec: 'milesight-am103',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity', 'co2'],
  examples: [
    {
      description: 'All values',
      fPort: 85,
      bytesHex: '0175640367180104686d077dc501',
      expected: { now: { batteryLevel: 100, temperature: 28, relativeHumidity: 54.5, co2: 453 } },
    },
    {
      description: 'An unheated room',
      fPort: 85,
      bytesHex: '0367f6ff046850077d9001',
      expected: { now: { temperature: -1.0, relativeHumidity: 40, co2: 400 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e74466318016dc501',
      expected: { '2022-10-12T08:02:38Z': { temperature: 28, relativeHumidity: 54.5, co2: 453 } },
    },
  ],
};
