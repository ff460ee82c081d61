/** Sensative Strips Comfort: temperature, humidity and light. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const sensativeStripsComfort: DeviceModel = {
  id: 'sensative-strips-comfort',
  vendor: 'Sensative',
  product: 'Strips Comfort',
  format: 'frame',
  codec: 'sensative-strips',
  heartbeat: 24 * 3600,
  quantities: ['temperature'],
  examples: [
    {
      description: 'a cold, bright place',
      fPort: 1,
      bytesHex: 'ffff02ffe7065a07012c',
      expected: { now: { temperature: -2.5, relativeHumidity: 45, illuminance: 300 } },
    },
    {
      description: 'both in one item',
      fPort: 1,
      bytesHex: 'ffff506e00d70164',
      expected: { now: { temperature: 21.5, relativeHumidity: 55, batteryLevel: 100 } },
    },
  ],
};
