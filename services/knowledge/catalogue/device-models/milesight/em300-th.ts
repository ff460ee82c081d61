/** Temperature and humidity, for outdoors and cold rooms. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm300Th: DeviceModel = {
  id: 'milesight-em300-th',
  vendor: 'Milesight',
  product: 'EM300-TH',
  format: 'frame',
  codec: 'milesight-em300-th',
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
      description: 'Below zero',
      fPort: 85,
      bytesHex: '0367c9ff0468c7',
      expected: { now: { temperature: -5.5, relativeHumidity: 99.5 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e74466310015d00',
      expected: { '2022-10-12T08:02:38Z': { temperature: 27.2, relativeHumidity: 46.5 } },
    },
    {
      description: 'Start-up: what it is, nothing measured',
      fPort: 85,
      bytesHex: 'ff0bffff0101ff166136c40091605408ff090300ff0a0101ff0f00',
      expected: {},
    },
  ],
};
