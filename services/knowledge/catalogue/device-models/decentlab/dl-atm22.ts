/** Wind and temperature. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlAtm22: DeviceModel = {
  id: 'decentlab-dl-atm22',
  vendor: 'Decentlab',
  product: 'DL-ATM22',
  format: 'frame',
  codec: 'decentlab-dl-atm22',
  heartbeat: 3600,
  quantities: ['windSpeed', 'windDirection', 'temperature'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'A light air',
      fPort: 1,
      bytesHex: '0208c900038009812b8014810880027fe8800880040bf5',
      expected: { now: { windSpeed: 0.09, windDirection: 29.9, temperature: 26.4, batteryVoltage: 3.061 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '0208c900020bf5',
      expected: { now: { batteryVoltage: 3.061 } },
    },
  ],
};
