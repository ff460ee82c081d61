/** Climate of a room with CO₂. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const elsysErsCo2: DeviceModel = {
  id: 'elsys-ers-co2',
  vendor: 'Elsys',
  product: 'ERS CO2',
  format: 'frame',
  codec: 'elsys',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity', 'illuminance', 'co2'],
  // Its lithium cells hold 3.6 V nearly to the end.
  batteryVoltageLimit: 3.0,
  examples: [
    {
      description: 'All values',
      fPort: 5,
      bytesHex: '0100e202290400270506060308070d62',
      expected: { now: { temperature: 22.6, relativeHumidity: 41, illuminance: 39, co2: 776, batteryVoltage: 3.426 } },
    },
    {
      description: 'Below zero',
      fPort: 5,
      bytesHex: '01ffc90262070e10',
      expected: { now: { temperature: -5.5, relativeHumidity: 98, batteryVoltage: 3.6 } },
    },
  ],
};
