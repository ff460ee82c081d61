/** Pressure cell in the water: depth above itself. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm500Swl: DeviceModel = {
  id: 'milesight-em500-swl',
  vendor: 'Milesight',
  product: 'EM500-SWL',
  format: 'frame',
  codec: 'milesight-em500-swl',
  heartbeat: 3600,
  quantities: ['waterDepth'],
  examples: [
    {
      description: 'Two centimetres',
      fPort: 85,
      bytesHex: '01756403770200',
      expected: { now: { batteryLevel: 100, waterDepth: 0.02 } },
    },
    {
      description: 'Fifteen metres',
      fPort: 85,
      bytesHex: '0377dc05',
      expected: { now: { waterDepth: 15 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e7446636400',
      expected: { '2022-10-12T08:02:38Z': { waterDepth: 1 } },
    },
  ],
};
