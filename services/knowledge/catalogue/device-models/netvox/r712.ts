/** Netvox R712: temperature and humidity outdoors. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const netvoxR712: DeviceModel = {
  id: 'netvox-r712',
  vendor: 'Netvox',
  product: 'R712',
  format: 'frame',
  codec: 'netvox',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  batteryVoltageLimit: 3.2,
  examples: [
    {
      description: 'a day in spring',
      fPort: 6,
      bytesHex: '0101012406701a9e000000',
      expected: { now: { batteryVoltage: 3.6, temperature: 16.48, relativeHumidity: 68.14 } },
    },
    {
      description: 'frost, battery low',
      fPort: 6,
      bytesHex: '0101019fff391a9e010000',
      expected: { now: { batteryVoltage: 3.1, temperature: -1.99, relativeHumidity: 68.14 } },
    },
  ],
};
