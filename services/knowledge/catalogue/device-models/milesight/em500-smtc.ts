/** Moisture and temperature of the soil. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm500Smtc: DeviceModel = {
  id: 'milesight-em500-smtc',
  vendor: 'Milesight',
  product: 'EM500-SMTC',
  format: 'frame',
  codec: 'milesight-em500-smtc',
  heartbeat: 6 * 3600,
  quantities: ['soilTemperature', 'soilMoistureVwc'],
  examples: [
    {
      description: 'Half per cents',
      fPort: 85,
      bytesHex: '01756403671901046873057ff000',
      expected: { now: { batteryLevel: 100, soilTemperature: 28.1, soilMoistureVwc: 57.5 } },
    },
    {
      description: 'Hundredths of a per cent, frost',
      fPort: 85,
      bytesHex: '0367f1ff04cac409057f0000',
      expected: { now: { soilTemperature: -1.5, soilMoistureVwc: 25 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e744663f0001901c409',
      expected: { '2022-10-12T08:02:38Z': { soilTemperature: 28.1, soilMoistureVwc: 25 } },
    },
  ],
};
