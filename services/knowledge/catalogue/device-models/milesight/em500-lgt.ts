/** Illuminance outdoors. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm500Lgt: DeviceModel = {
  id: 'milesight-em500-lgt',
  vendor: 'Milesight',
  product: 'EM500-LGT',
  format: 'frame',
  codec: 'milesight-em500-lgt',
  heartbeat: 3600,
  quantities: ['illuminance'],
  examples: [
    {
      description: 'Dusk',
      fPort: 85,
      bytesHex: '017564039450000000',
      expected: { now: { batteryLevel: 100, illuminance: 80 } },
    },
    {
      description: 'Full sun',
      fPort: 85,
      bytesHex: '0394a0860100',
      expected: { now: { illuminance: 100000 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e74466350000000',
      expected: { '2022-10-12T08:02:38Z': { illuminance: 80 } },
    },
  ],
};
