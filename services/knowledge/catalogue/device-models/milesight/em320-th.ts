/** Temperature and humidity, for freezers and cold rooms. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm320Th: DeviceModel = {
  id: 'milesight-em320-th',
  vendor: 'Milesight',
  product: 'EM320-TH',
  format: 'frame',
  codec: 'milesight-em320-th',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  examples: [
    {
      description: 'Battery, temperature, humidity',
      fPort: 85,
      bytesHex: '01755c03673401046865',
      expected: { now: { batteryLevel: 92, temperature: 30.8, relativeHumidity: 50.5 } },
    },
    {
      description: 'In a freezer',
      fPort: 85,
      bytesHex: '036738ff046850',
      expected: { now: { temperature: -20.0, relativeHumidity: 40 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e74466310015d',
      expected: { '2022-10-12T08:02:38Z': { temperature: 27.2, relativeHumidity: 46.5 } },
    },
  ],
};
