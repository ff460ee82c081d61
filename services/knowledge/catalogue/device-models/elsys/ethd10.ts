/** Temperature and humidity, with a display. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const elsysEthd10: DeviceModel = {
  id: 'elsys-ethd10',
  vendor: 'Elsys',
  product: 'ETHd10',
  format: 'frame',
  codec: 'elsys',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  // Its lithium cells hold 3.6 V nearly to the end.
  batteryVoltageLimit: 3.0,
  examples: [
    {
      description: 'All values',
      fPort: 5,
      bytesHex: '0100e20229070d62',
      expected: { now: { temperature: 22.6, relativeHumidity: 41, batteryVoltage: 3.426 } },
    },
    {
      description: 'Below zero',
      fPort: 5,
      bytesHex: '01ffc90262070e10',
      expected: { now: { temperature: -5.5, relativeHumidity: 98, batteryVoltage: 3.6 } },
    },
  ],
};
