/** Dingtek DF702: an ultrasonic level sensor for containers, with temperature and tilt. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const dingtekDf702: DeviceModel = {
  id: 'dingtek-df702',
  vendor: 'Dingtek',
  product: 'DF702',
  format: 'frame',
  codec: 'dingtek-bin',
  heartbeat: 24 * 3600,
  quantities: ['distance', 'temperature', 'tiltAngle', 'tilted'],
  examples: [
    {
      description: 'two metres, upright, with its place',
      fPort: 3,
      bytesHex: '800001021907d001cd03e942ef272042190000000000010081',
      expected: { now: { distance: 2000, temperature: 25, tiltAngle: 0, tilted: 'no' } },
    },
    {
      description: 'frost, full and fallen over, without a place',
      fPort: 3,
      bytesHex: '8000010111032000f6015a101000020081',
      expected: { now: { distance: 800, temperature: -10, tiltAngle: 90, tilted: 'yes' } },
    },
    {
      description: 'its settings',
      fPort: 3,
      bytesHex: '800001030d0102180a14190081',
      expected: {},
    },
  ],
};
