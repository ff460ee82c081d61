/** Netvox R718A: temperature and humidity at low temperatures. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const netvoxR718a: DeviceModel = {
  id: 'netvox-r718a',
  vendor: 'Netvox',
  product: 'R718A',
  format: 'frame',
  codec: 'netvox',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  batteryVoltageLimit: 3.2,
  examples: [
    {
      description: 'a warm store',
      fPort: 6,
      bytesHex: '010b012409981080000000',
      expected: { now: { batteryVoltage: 3.6, temperature: 24.56, relativeHumidity: 42.24 } },
    },
    {
      description: 'a cold store',
      fPort: 6,
      bytesHex: '010b0124f8301080000000',
      expected: { now: { batteryVoltage: 3.6, temperature: -20, relativeHumidity: 42.24 } },
    },
  ],
};
