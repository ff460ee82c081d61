/** Whatever sends Cayenne LPP: each channel becomes one of ours, temperature on channel 3 is temperature.3. */
import type { DeviceModel } from '../../../model/catalogue.ts';

export const cayenneLpp: DeviceModel = {
  id: 'cayenne-lpp',
  vendor: 'Generic',
  product: 'Cayenne LPP',
  format: 'frame',
  codec: 'cayenne-lpp',
  examples: [
    {
      description: 'Two temperatures',
      fPort: 1,
      bytesHex: '03670110056700ff',
      expected: { now: { 'temperature.3': 27.2, 'temperature.5': 25.5 } },
    },
    {
      description: 'Below zero, humidity, air pressure, light',
      fPort: 1,
      bytesHex: '0167ffd70268500373277604650064',
      expected: {
        now: { 'temperature.1': -4.1, 'relativeHumidity.2': 40, 'atmosphericPressure.3': 1010.2, 'illuminance.4': 100 },
      },
    },
    {
      description: 'Electricity and distance',
      fPort: 1,
      bytesHex: '057501f40682000003e8078004b00883000f4240',
      expected: { now: { 'current.5': 0.5, 'distance.6': 1000, 'activePower.7': 1.2, 'energy.8': 1000 } },
    },
  ],
};
