/** Distance by laser, for narrow containers. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm400Tld: DeviceModel = {
  id: 'milesight-em400-tld',
  vendor: 'Milesight',
  product: 'EM400-TLD',
  format: 'frame',
  codec: 'milesight-em400',
  heartbeat: 3600,
  quantities: ['distance', 'temperature', 'tilted'],
  examples: [
    {
      description: 'Overturned',
      fPort: 85,
      bytesHex: '01755c0367010104824408050001',
      expected: { now: { batteryLevel: 92, temperature: 25.7, distance: 2116, tilted: 'yes' } },
    },
    {
      description: 'Limits passed: the values that did',
      fPort: 85,
      bytesHex: '8367e800018482410601',
      expected: { now: { temperature: 23.2, distance: 1601 } },
    },
    {
      description: 'Frost',
      fPort: 85,
      bytesHex: '0367ceff04823b01050000',
      expected: { now: { temperature: -5.0, distance: 315, tilted: 'no' } },
    },
  ],
};
