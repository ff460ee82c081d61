/** Quandify CubicMeter 1.1: a water meter that is clamped onto the pipe. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const quandifyCubicmeter: DeviceModel = {
  id: 'quandify-cubicmeter',
  vendor: 'Quandify',
  product: 'CubicMeter 1.1',
  format: 'frame',
  codec: 'quandify-cubicmeter',
  heartbeat: 6 * 3600,
  quantities: ['waterVolume', 'waterLeak'],
  examples: [
    {
      description: 'a report by itself',
      fPort: 1,
      bytesHex: '49fbdf010000de1400000000000046eddf0106fc8b0702e2e6535455',
      expected: {
        now: {
          waterVolume: 5.342,
          waterLeak: 'dry',
          batteryVoltage: 3.64,
          'temperature.waterMin': 21.5,
          'temperature.waterMax': 22,
          temperature: 22.5,
        },
      },
    },
    {
      description: 'a report as an answer',
      fPort: 6,
      bytesHex: '3700019f42d701000077830000f3000000000000000000000000e1e43e3e3a',
      expected: {
        now: {
          waterVolume: 33.655,
          waterLeak: 'dry',
          batteryVoltage: 3.624,
          'temperature.waterMin': 11,
          'temperature.waterMax': 11,
          temperature: 9,
        },
      },
    },
    {
      description: 'a leak in a cold cellar',
      fPort: 1,
      bytesHex: '49fbdf010000de1400000000000046eddf0106fc8b0704e2e6282a26',
      expected: {
        now: {
          waterVolume: 5.342,
          waterLeak: 'leak',
          batteryVoltage: 3.64,
          'temperature.waterMin': 0,
          'temperature.waterMax': 1,
          temperature: -1,
        },
      },
    },
  ],
};
