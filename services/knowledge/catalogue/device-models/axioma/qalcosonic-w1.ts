/** Axioma Qalcosonic W1: an ultrasonic water meter. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const axiomaQalcosonicW1: DeviceModel = {
  id: 'axioma-qalcosonic-w1',
  vendor: 'Axioma',
  product: 'Qalcosonic W1',
  format: 'frame',
  codec: 'axioma-w1',
  heartbeat: 24 * 3600,
  quantities: ['waterVolume', 'waterLeak'],
  examples: [
    {
      description: 'an index',
      fPort: 100,
      bytesHex: '0ea0355d0029270000',
      expected: { now: { waterVolume: 10.025, waterLeak: 'dry' } },
    },
    {
      description: 'a leak, with former indexes behind',
      fPort: 100,
      bytesHex: '0ea0355d302a270000801b355d292700000100',
      expected: { now: { waterVolume: 10.026, waterLeak: 'leak' } },
    },
  ],
};
