/** Moisture and temperature of mineral soil. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlTrs11: DeviceModel = {
  id: 'decentlab-dl-trs11',
  vendor: 'Decentlab',
  product: 'DL-TRS11',
  format: 'frame',
  codec: 'decentlab-dl-trs11',
  heartbeat: 3600,
  quantities: ['soilMoistureVwc', 'soilTemperature'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Dry',
      fPort: 1,
      bytesHex: '0210d50003463f810b0c79',
      expected: { now: { soilMoistureVwc: 0.196057, soilTemperature: 26.7, batteryVoltage: 3.193 } },
    },
    {
      description: 'Moist, frost',
      fPort: 1,
      bytesHex: '0210d500035dc07fff0c79',
      expected: { now: { soilMoistureVwc: 23.536, soilTemperature: -0.1, batteryVoltage: 3.193 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '0210d500020c79',
      expected: { now: { batteryVoltage: 3.193 } },
    },
  ],
};
