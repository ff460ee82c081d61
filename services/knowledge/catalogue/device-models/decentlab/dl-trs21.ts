/** Suction and temperature of soil. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlTrs21: DeviceModel = {
  id: 'decentlab-dl-trs21',
  vendor: 'Decentlab',
  product: 'DL-TRS21',
  format: 'frame',
  codec: 'decentlab-dl-trs21',
  heartbeat: 3600,
  quantities: ['soilMoisturePressure', 'soilTemperature'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Suction',
      fPort: 1,
      bytesHex: '0201920003007580a10c25',
      expected: { now: { soilMoisturePressure: 11.7, soilTemperature: 16.1, batteryVoltage: 3.109 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '02019200020c25',
      expected: { now: { batteryVoltage: 3.109 } },
    },
  ],
};
