/** Ultrasonic distance, for bins and small containers. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm310Udl: DeviceModel = {
  id: 'milesight-em310-udl',
  vendor: 'Milesight',
  product: 'EM310-UDL',
  format: 'frame',
  codec: 'milesight-em310-udl',
  heartbeat: 6 * 3600,
  quantities: ['distance', 'tilted'],
  examples: [
    {
      description: 'Overturned',
      fPort: 85,
      bytesHex: '01755c03824408040001',
      expected: { now: { batteryLevel: 92, distance: 2116, tilted: 'yes' } },
    },
    {
      description: 'Upright',
      fPort: 85,
      bytesHex: '0382fa00040000',
      expected: { now: { distance: 250, tilted: 'no' } },
    },
  ],
};
