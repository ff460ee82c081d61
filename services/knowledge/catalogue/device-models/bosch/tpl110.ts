/** Bosch TPL110: a parking sensor, as sold before its name was changed. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const boschTpl110: DeviceModel = {
  id: 'bosch-tpl110',
  vendor: 'Bosch',
  product: 'TPL110',
  format: 'frame',
  codec: 'bosch-parking',
  heartbeat: 24 * 3600,
  quantities: ['spotState'],
  examples: [
    {
      description: 'taken',
      fPort: 1,
      bytesHex: '01',
      expected: { now: { spotState: 'occupied' } },
    },
    {
      description: 'free, frost',
      fPort: 2,
      bytesHex: '00fb',
      expected: { now: { spotState: 'free', temperature: -5 } },
    },
    {
      description: 'started',
      fPort: 3,
      bytesHex: '0a000000970320cd000200000027020300',
      expected: { now: { spotState: 'free' } },
    },
  ],
};
