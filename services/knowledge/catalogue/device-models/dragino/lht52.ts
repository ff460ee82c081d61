/** Dragino LHT52: temperature and humidity indoors, with a socket for a probe. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoLht52: DeviceModel = {
  id: 'dragino-lht52',
  vendor: 'Dragino',
  product: 'LHT52',
  format: 'frame',
  codec: 'dragino-lht52',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  examples: [
    {
      description: 'with a probe in a freezer',
      fPort: 2,
      bytesHex: '08cd0220f5c60161cd4edd',
      expected: { now: { temperature: 22.53, relativeHumidity: 54.4, 'temperature.external': -26.18 } },
    },
    {
      description: 'no probe',
      fPort: 2,
      bytesHex: 'ff3802207fff0161cd4edd',
      expected: { now: { temperature: -2, relativeHumidity: 54.4 } },
    },
    {
      description: 'about itself',
      fPort: 5,
      bytesHex: '09010001ff0bf4',
      expected: { now: { batteryVoltage: 3.06 } },
    },
  ],
};
