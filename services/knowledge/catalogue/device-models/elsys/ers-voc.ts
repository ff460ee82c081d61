/** Climate of a room with volatile compounds. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const elsysErsVoc: DeviceModel = {
  id: 'elsys-ers-voc',
  vendor: 'Elsys',
  product: 'ERS VOC',
  format: 'frame',
  codec: 'elsys',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity', 'illuminance', 'tvoc'],
  // Its lithium cells hold 3.6 V nearly to the end.
  batteryVoltageLimit: 3.0,
  examples: [
    {
      description: 'All values',
      fPort: 5,
      bytesHex: '0100e202290400270506070d621c00fa',
      expected: { now: { temperature: 22.6, relativeHumidity: 41, illuminance: 39, batteryVoltage: 3.426, tvoc: 250 } },
    },
    {
      description: 'Below zero',
      fPort: 5,
      bytesHex: '01ffc90262070e10',
      expected: { now: { temperature: -5.5, relativeHumidity: 98, batteryVoltage: 3.6 } },
    },
  ],
};
