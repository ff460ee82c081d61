/** Moisture and temperature of soil, by permittivity. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDl5Tm: DeviceModel = {
  id: 'decentlab-dl-5tm',
  vendor: 'Decentlab',
  product: 'DL-5TM',
  format: 'frame',
  codec: 'decentlab-dl-5tm',
  heartbeat: 3600,
  quantities: ['soilMoistureVwc', 'soilTemperature'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Moist',
      fPort: 1,
      bytesHex: '02023b000303e802710c60',
      expected: { now: { soilMoistureVwc: 34.54, soilTemperature: 22.5, batteryVoltage: 3.168 } },
    },
    {
      description: 'Frost',
      fPort: 1,
      bytesHex: '02023b000301f401860c60',
      expected: { now: { soilMoistureVwc: 18.83, soilTemperature: -1.0, batteryVoltage: 3.168 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '02023b00020c60',
      expected: { now: { batteryVoltage: 3.168 } },
    },
  ],
};
