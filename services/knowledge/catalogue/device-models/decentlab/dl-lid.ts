/** Distance by laser. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlLid: DeviceModel = {
  id: 'decentlab-dl-lid',
  vendor: 'Decentlab',
  product: 'DL-LID',
  format: 'frame',
  codec: 'decentlab-dl-lid',
  heartbeat: 3600,
  quantities: ['distance'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Mean of a hundred samples',
      fPort: 1,
      bytesHex: '0211c90003119b117611bc119e118a119411a811a81194006401990abd',
      expected: { now: { distance: 4507, batteryVoltage: 2.749 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '0211c900020abd',
      expected: { now: { batteryVoltage: 2.749 } },
    },
  ],
};
