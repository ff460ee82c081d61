/** Nwave NPS405: a parking sensor. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const nwaveNps405: DeviceModel = {
  id: 'nwave-nps405',
  vendor: 'Nwave',
  product: 'NPS405',
  format: 'frame',
  codec: 'nwave-parking',
  heartbeat: 24 * 3600,
  quantities: ['spotState'],
  examples: [
    {
      description: 'taken',
      fPort: 1,
      bytesHex: 'e91f345678',
      expected: { now: { spotState: 'occupied' } },
    },
    {
      description: 'still free',
      fPort: 2,
      bytesHex: '00',
      expected: { now: { spotState: 'free' } },
    },
    {
      description: 'started',
      fPort: 3,
      bytesHex: '010203',
      expected: {},
    },
  ],
};
