/** Moisture, temperature and conductivity of mineral soil. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlTrs12: DeviceModel = {
  id: 'decentlab-dl-trs12',
  vendor: 'Decentlab',
  product: 'DL-TRS12',
  format: 'frame',
  codec: 'decentlab-dl-trs12',
  heartbeat: 3600,
  quantities: ['soilMoistureVwc', 'soilTemperature'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Dry',
      fPort: 1,
      bytesHex: '0210d3000346be813d00000c80',
      expected: { now: { soilMoistureVwc: 0.68869, soilTemperature: 31.7, batteryVoltage: 3.2 } },
    },
    {
      description: 'Moist, frost',
      fPort: 1,
      bytesHex: '0210d300035dc07fff00640c80',
      expected: { now: { soilMoistureVwc: 23.536, soilTemperature: -0.1, batteryVoltage: 3.2 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '0210d300020c80',
      expected: { now: { batteryVoltage: 3.2 } },
    },
  ],
};
