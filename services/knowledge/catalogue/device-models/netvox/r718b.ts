/** Netvox R718B: a temperature at the end of a cable. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const netvoxR718b: DeviceModel = {
  id: 'netvox-r718b',
  vendor: 'Netvox',
  product: 'R718B',
  format: 'frame',
  codec: 'netvox',
  heartbeat: 3600,
  quantities: ['temperature'],
  batteryVoltageLimit: 3.2,
  examples: [
    {
      description: 'frost',
      fPort: 6,
      bytesHex: '01950124ff3d0000000000',
      expected: { now: { batteryVoltage: 3.6, temperature: -19.5 } },
    },
    {
      description: 'a warm pipe, battery low',
      fPort: 6,
      bytesHex: '0195019f019a0000000000',
      expected: { now: { batteryVoltage: 3.1, temperature: 41 } },
    },
  ],
};
