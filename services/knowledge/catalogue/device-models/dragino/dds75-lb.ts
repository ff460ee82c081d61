/** Dragino DDS75-LB: an ultrasonic level sensor, in the case that followed the LDDS75. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoDds75Lb: DeviceModel = {
  id: 'dragino-dds75-lb',
  vendor: 'Dragino',
  product: 'DDS75-LB',
  format: 'frame',
  codec: 'dragino-distance',
  heartbeat: 3600,
  quantities: ['distance'],
  examples: [
    {
      description: 'two metres, a warm probe',
      fPort: 2,
      bytesHex: '0d0507d000010501',
      expected: { now: { batteryVoltage: 3.333, distance: 2000, temperature: 26.1 } },
    },
    {
      description: 'nearer than it can measure, no probe',
      fPort: 2,
      bytesHex: '0d050014007fff01',
      expected: { now: { batteryVoltage: 3.333 } },
    },
    {
      description: 'about itself',
      fPort: 5,
      bytesHex: '27010001ff0df5',
      expected: { now: { batteryVoltage: 3.573 } },
    },
  ],
};
