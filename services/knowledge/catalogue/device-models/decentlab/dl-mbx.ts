/** Ultrasonic distance to water, snow or waste. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlMbx: DeviceModel = {
  id: 'decentlab-dl-mbx',
  vendor: 'Decentlab',
  product: 'DL-MBX',
  format: 'frame',
  codec: 'decentlab-dl-mbx',
  heartbeat: 3600,
  quantities: ['distance'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Distance',
      fPort: 1,
      bytesHex: '02012f000304d200010bb1',
      expected: { now: { distance: 1234, batteryVoltage: 2.993 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '02012f00020bb1',
      expected: { now: { batteryVoltage: 2.993 } },
    },
    {
      description: 'No echo: no distance',
      fPort: 1,
      bytesHex: '02012f0003000000000bb1',
      expected: { now: { batteryVoltage: 2.993 } },
    },
  ],
};
