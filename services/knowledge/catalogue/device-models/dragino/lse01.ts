/** Dragino LSE01: moisture, temperature and conductivity of soil. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoLse01: DeviceModel = {
  id: 'dragino-lse01',
  vendor: 'Dragino',
  product: 'LSE01',
  format: 'frame',
  codec: 'dragino-lse01',
  heartbeat: 3600,
  quantities: ['soilMoistureVwc', 'soilTemperature'],
  examples: [
    {
      description: 'a bed in summer',
      fPort: 2,
      bytesHex: 'ce2900f107a5099b6e2890',
      expected: { now: { batteryVoltage: 3.625, temperature: 24.1, soilMoistureVwc: 19.57, soilTemperature: 24.59 } },
    },
    {
      description: 'frozen ground',
      fPort: 2,
      bytesHex: '0e29ff9c00fafe0c006410',
      expected: { now: { batteryVoltage: 3.625, temperature: -10, soilMoistureVwc: 2.5, soilTemperature: -5 } },
    },
  ],
};
