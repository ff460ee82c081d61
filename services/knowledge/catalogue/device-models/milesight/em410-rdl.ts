/** Distance by radar, for wells and basins. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm410Rdl: DeviceModel = {
  id: 'milesight-em410-rdl',
  vendor: 'Milesight',
  product: 'EM410-RDL',
  format: 'frame',
  codec: 'milesight-em410-rdl',
  heartbeat: 3600,
  quantities: ['distance'],
  examples: [
    {
      description: 'Distance and temperature',
      fPort: 85,
      bytesHex: '0175640367d2000482d007050000',
      expected: { now: { batteryLevel: 100, temperature: 21, distance: 2000, tilted: 'no' } },
    },
    {
      description: 'No echo: no distance',
      fPort: 85,
      bytesHex: '0367d200b482ffff02',
      expected: { now: { temperature: 21 } },
    },
    {
      description: 'A record it kept, frost',
      fPort: 85,
      bytesHex: '20ce9e744663b80b9cff000000',
      expected: { '2022-10-12T08:02:38Z': { distance: 3000, temperature: -10 } },
    },
  ],
};
