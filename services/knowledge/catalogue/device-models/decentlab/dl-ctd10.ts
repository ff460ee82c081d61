/** Depth, temperature and conductivity of water. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlCtd10: DeviceModel = {
  id: 'decentlab-dl-ctd10',
  vendor: 'Decentlab',
  product: 'DL-CTD10',
  format: 'frame',
  codec: 'decentlab-dl-ctd10',
  heartbeat: 3600,
  quantities: ['waterDepth', 'temperature'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Four metres',
      fPort: 1,
      bytesHex: '0207d9000390888081006400000c60',
      expected: { now: { waterDepth: 4.232, temperature: 12.9, batteryVoltage: 3.168 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '0207d900020c60',
      expected: { now: { batteryVoltage: 3.168 } },
    },
  ],
};
