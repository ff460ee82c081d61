/** Dragino LDS03A: a contact on a door or gate outdoors. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoLds03a: DeviceModel = {
  id: 'dragino-lds03a',
  vendor: 'Dragino',
  product: 'LDS03A',
  format: 'frame',
  codec: 'dragino-lds03a',
  heartbeat: 24 * 3600,
  mapping: {
    contact: { quantity: 'doorState' },
  },
  quantities: ['doorState'],
  examples: [
    {
      description: 'open',
      fPort: 2,
      bytesHex: '0100000500000063bfe921',
      expected: { now: { doorState: 'open' } },
    },
    {
      description: 'closed',
      fPort: 2,
      bytesHex: '0000000600000263bfe921',
      expected: { now: { doorState: 'closed' } },
    },
    {
      description: 'about itself',
      fPort: 5,
      bytesHex: '0a011001ff0e65',
      expected: { now: { batteryVoltage: 3.685 } },
    },
  ],
};
