/** Temperature by a wired probe. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlDs18: DeviceModel = {
  id: 'decentlab-dl-ds18',
  vendor: 'Decentlab',
  product: 'DL-DS18',
  format: 'frame',
  codec: 'decentlab-dl-ds18',
  heartbeat: 3600,
  quantities: ['temperature'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Warm',
      fPort: 1,
      bytesHex: '02023d0003815e0c15',
      expected: { now: { temperature: 21.875, batteryVoltage: 3.093 } },
    },
    {
      description: 'Frost',
      fPort: 1,
      bytesHex: '02023d00037fa80c15',
      expected: { now: { temperature: -5.5, batteryVoltage: 3.093 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '02023d00020c15',
      expected: { now: { batteryVoltage: 3.093 } },
    },
  ],
};
