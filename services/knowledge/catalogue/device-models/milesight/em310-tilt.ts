/** Angles of three axes, for posts and holders. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm310Tilt: DeviceModel = {
  id: 'milesight-em310-tilt',
  vendor: 'Milesight',
  product: 'EM310-TILT',
  format: 'frame',
  codec: 'milesight-em310-tilt',
  heartbeat: 24 * 3600,
  quantities: ['tiltAngle.x', 'tiltAngle.y', 'tiltAngle.z', 'tilted'],
  examples: [
    {
      description: 'All limits passed',
      fPort: 85,
      bytesHex: '03cf00000000282307',
      expected: { now: { 'tiltAngle.x': 0, 'tiltAngle.y': 0, 'tiltAngle.z': 90, tilted: 'yes' } },
    },
    {
      description: 'A lean to the other side is a lean',
      fPort: 85,
      bytesHex: '01755a03cf18fcf401842300',
      expected: { now: { batteryLevel: 90, 'tiltAngle.x': 10, 'tiltAngle.y': 5, 'tiltAngle.z': 90.92, tilted: 'no' } },
    },
  ],
};
