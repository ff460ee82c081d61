/** Water on the floor, as a spot or along a cable, with temperature and humidity. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm300Sld: DeviceModel = {
  id: 'milesight-em300-sld',
  vendor: 'Milesight',
  product: 'EM300-SLD, EM300-ZLD',
  format: 'frame',
  codec: 'milesight-em300-sld',
  heartbeat: 12 * 3600,
  quantities: ['waterLeak', 'temperature', 'relativeHumidity'],
  examples: [
    {
      description: 'Dry',
      fPort: 85,
      bytesHex: '01755c03673401046865050000',
      expected: { now: { batteryLevel: 92, temperature: 30.8, relativeHumidity: 50.5, waterLeak: 'dry' } },
    },
    {
      description: 'Leak, below zero',
      fPort: 85,
      bytesHex: '0367f6ff04685a050001',
      expected: { now: { temperature: -1.0, relativeHumidity: 45, waterLeak: 'leak' } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e74466310015d01',
      expected: { '2022-10-12T08:02:38Z': { temperature: 27.2, relativeHumidity: 46.5, waterLeak: 'leak' } },
    },
  ],
};
