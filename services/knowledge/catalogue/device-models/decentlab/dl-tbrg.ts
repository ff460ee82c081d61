/** Rain since the last message, by a tipping bucket. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlTbrg: DeviceModel = {
  id: 'decentlab-dl-tbrg',
  vendor: 'Decentlab',
  product: 'DL-TBRG',
  format: 'frame',
  codec: 'decentlab-dl-tbrg',
  heartbeat: 3600,
  quantities: ['precipitation'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Four tips',
      fPort: 1,
      bytesHex: '0202f8000300040258409a00000c54',
      expected: { now: { precipitation: 0.4, batteryVoltage: 3.156 } },
    },
    {
      description: 'No rain',
      fPort: 1,
      bytesHex: '0202f8000300000258409a00010c54',
      expected: { now: { precipitation: 0, batteryVoltage: 3.156 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '0202f800020c54',
      expected: { now: { batteryVoltage: 3.156 } },
    },
  ],
};
