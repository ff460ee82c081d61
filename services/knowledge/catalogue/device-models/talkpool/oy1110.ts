/** Temperature and humidity of a room. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const talkpoolOy1110: DeviceModel = {
  id: 'talkpool-oy1110',
  vendor: 'Talkpool',
  product: 'OY1110',
  format: 'frame',
  codec: 'talkpool-oy1110',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  examples: [
    {
      description: 'A room',
      fPort: 2,
      bytesHex: '412a0a',
      expected: { now: { temperature: 24.0, relativeHumidity: 43.2 } },
    },
    {
      description: 'Below zero',
      fPort: 2,
      bytesHex: '2e4c98',
      expected: { now: { temperature: -5.5, relativeHumidity: 97.4 } },
    },
  ],
};
