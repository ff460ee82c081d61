/** Ultrasonic distance to the water. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm500Udl: DeviceModel = {
  id: 'milesight-em500-udl',
  vendor: 'Milesight',
  product: 'EM500-UDL',
  format: 'frame',
  codec: 'milesight-em500-udl',
  heartbeat: 3600,
  quantities: ['distance'],
  examples: [
    {
      description: 'Distance',
      fPort: 85,
      bytesHex: '01756403821e00',
      expected: { now: { batteryLevel: 100, distance: 30 } },
    },
    {
      description: 'A sudden change: the value',
      fPort: 85,
      bytesHex: '83e9e803640001',
      expected: { now: { distance: 1000 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e744663e803',
      expected: { '2022-10-12T08:02:38Z': { distance: 1000 } },
    },
  ],
};
