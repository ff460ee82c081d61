/** Sensative Strips Guard (ring holder): the same contact in the holder of a rescue ring: open is taken. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const sensativeStripsGuardHolder: DeviceModel = {
  id: 'sensative-strips-guard-holder',
  vendor: 'Sensative',
  product: 'Strips Guard (ring holder)',
  format: 'frame',
  codec: 'sensative-strips',
  heartbeat: 24 * 3600,
  mapping: {
    contact: { quantity: 'holderState' },
  },
  quantities: ['holderState'],
  examples: [
    {
      description: 'ring in its place',
      fPort: 1,
      bytesHex: 'ffff0901',
      expected: { now: { holderState: 'present' } },
    },
    {
      description: 'ring taken',
      fPort: 1,
      bytesHex: 'ffff0900',
      expected: { now: { holderState: 'removed' } },
    },
  ],
};
