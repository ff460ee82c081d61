/** Climate of a room with sound. The payload document names no weighting: its mean level is taken as A-weighted. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const elsysErsSound: DeviceModel = {
  id: 'elsys-ers-sound',
  vendor: 'Elsys',
  product: 'ERS Sound',
  format: 'frame',
  codec: 'elsys',
  heartbeat: 3600,
  mapping: {
    soundAverage: { quantity: 'laeq' },
  },
  quantities: ['temperature', 'relativeHumidity', 'illuminance', 'laeq'],
  // Its lithium cells hold 3.6 V nearly to the end.
  batteryVoltageLimit: 3.0,
  examples: [
    {
      description: 'All values',
      fPort: 5,
      bytesHex: '0100e202290400270506070d62153c2a',
      expected: { now: { temperature: 22.6, relativeHumidity: 41, illuminance: 39, batteryVoltage: 3.426, laeq: 42 } },
    },
    {
      description: 'Below zero',
      fPort: 5,
      bytesHex: '01ffc90262070e10',
      expected: { now: { temperature: -5.5, relativeHumidity: 98, batteryVoltage: 3.6 } },
    },
  ],
};
