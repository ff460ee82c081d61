/** Netvox R718G: light. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const netvoxR718g: DeviceModel = {
  id: 'netvox-r718g',
  vendor: 'Netvox',
  product: 'R718G',
  format: 'frame',
  codec: 'netvox',
  heartbeat: 3600,
  quantities: ['illuminance'],
  batteryVoltageLimit: 3.2,
  examples: [
    {
      description: 'an office',
      fPort: 6,
      bytesHex: '011e012400000182000000',
      expected: { now: { batteryVoltage: 3.6, illuminance: 386 } },
    },
    {
      description: 'daylight, battery low',
      fPort: 6,
      bytesHex: '011e019f00003034000000',
      expected: { now: { batteryVoltage: 3.1, illuminance: 12340 } },
    },
  ],
};
