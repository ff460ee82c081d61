/** Whether a place is taken, by the distance to who is there. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightVs330: DeviceModel = {
  id: 'milesight-vs330',
  vendor: 'Milesight',
  product: 'VS330',
  format: 'frame',
  codec: 'milesight-vs330',
  heartbeat: 24 * 3600,
  mapping: {
    occupied: { quantity: 'spotState' },
  },
  quantities: ['spotState', 'distance'],
  examples: [
    {
      description: 'Taken',
      fPort: 85,
      bytesHex: '01756202820f00038e01048e01',
      expected: { now: { batteryLevel: 98, distance: 15, spotState: 'occupied' } },
    },
    {
      description: 'Free',
      fPort: 85,
      bytesHex: '0282dc05038e00',
      expected: { now: { distance: 1500, spotState: 'free' } },
    },
  ],
};
