/** Climate of a room: temperature, humidity, light, movement. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const elsysErs: DeviceModel = {
  id: 'elsys-ers',
  vendor: 'Elsys',
  product: 'ERS',
  format: 'frame',
  codec: 'elsys',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity', 'illuminance'],
  // Its lithium cells hold 3.6 V nearly to the end.
  batteryVoltageLimit: 3.0,
  examples: [
    {
      description: 'All values',
      fPort: 5,
      bytesHex: '0100e202290400270506070d62',
      expected: { now: { temperature: 22.6, relativeHumidity: 41, illuminance: 39, batteryVoltage: 3.426 } },
    },
    {
      description: 'Below zero',
      fPort: 5,
      bytesHex: '01ffc90262070e10',
      expected: { now: { temperature: -5.5, relativeHumidity: 98, batteryVoltage: 3.6 } },
    },
    {
      description: 'A temperature of a minute ago beside one of now',
      fPort: 5,
      bytesHex: '413c00e20100e6',
      recvTime: '2026-11-23T12:00:00Z',
      expected: { '2026-11-23T11:59:00Z': { temperature: 22.6 }, now: { temperature: 23.0 } },
    },
    {
      description: 'Its settings: nothing measured',
      fPort: 5,
      bytesHex: '3e05002a',
      expected: {},
    },
  ],
};
