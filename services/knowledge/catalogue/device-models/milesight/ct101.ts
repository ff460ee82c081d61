/** Current of one phase, by a clamp. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightCt101: DeviceModel = {
  id: 'milesight-ct101',
  vendor: 'Milesight',
  product: 'CT101, CT103, CT105',
  format: 'frame',
  codec: 'milesight-ct101',
  heartbeat: 3600,
  quantities: ['current'],
  examples: [
    {
      description: 'Current and temperature',
      fPort: 85,
      bytesHex: '0397102700000498b80b0967fa00',
      expected: { now: { current: 30, temperature: 25 } },
    },
    {
      description: 'Padded with zeros',
      fPort: 85,
      bytesHex: '0498b80b00000000',
      expected: { now: { current: 30 } },
    },
    {
      description: 'A limit passed: the value',
      fPort: 85,
      bytesHex: '8498b80bd007c4090589679cff01',
      expected: { now: { current: 25, temperature: -10 } },
    },
  ],
};
