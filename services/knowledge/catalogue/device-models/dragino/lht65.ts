/** Dragino LHT65: temperature and humidity, with a socket for a probe. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoLht65: DeviceModel = {
  id: 'dragino-lht65',
  vendor: 'Dragino',
  product: 'LHT65',
  format: 'frame',
  codec: 'dragino-lht65',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  batteryVoltageLimit: 2.6,
  examples: [
    {
      description: 'a room, no probe',
      fPort: 2,
      bytesHex: 'cc2c0a2901dc017fff7fff',
      expected: { now: { batteryVoltage: 3.116, temperature: 26.01, relativeHumidity: 47.6 } },
    },
    {
      description: 'light at the socket',
      fPort: 2,
      bytesHex: 'cc2c0a2901dc0501f40000',
      expected: { now: { batteryVoltage: 3.116, temperature: 26.01, relativeHumidity: 47.6, illuminance: 500 } },
    },
  ],
};
