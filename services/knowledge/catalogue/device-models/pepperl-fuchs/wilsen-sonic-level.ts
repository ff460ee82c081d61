/** Pepperl+Fuchs WILSEN.sonic.level: an ultrasonic sensor that knows its container: distance and filling level. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const pepperlFuchsWilsenSonicLevel: DeviceModel = {
  id: 'pepperl-fuchs-wilsen-sonic-level',
  vendor: 'Pepperl+Fuchs',
  product: 'WILSEN.sonic.level',
  format: 'frame',
  codec: 'wilsen-sonic',
  heartbeat: 24 * 3600,
  quantities: ['distance', 'fillingLevel', 'temperature'],
  examples: [
    {
      description: 'a full container',
      fPort: 1,
      bytesHex: '040b010041030b06590602014100000003510123',
      expected: { now: { distance: 650, fillingLevel: 89, temperature: 8, batteryVoltage: 3.5 } },
    },
    {
      description: 'frost, with its place',
      fPort: 1,
      bytesHex: '040b010041030b0659060201c0a0000003510122065002007d217806500102f1c3df',
      expected: { now: { distance: 650, fillingLevel: 89, temperature: -5, batteryVoltage: 3.4 } },
    },
    {
      description: 'about itself',
      fPort: 1,
      bytesHex: '102a2534383030303030303632383738330431010701043102032206310300000f1c03510123',
      expected: { now: { batteryVoltage: 3.5 } },
    },
  ],
};
