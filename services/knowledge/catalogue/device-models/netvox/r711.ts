/** Netvox R711: temperature and humidity indoors. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const netvoxR711: DeviceModel = {
  id: 'netvox-r711',
  vendor: 'Netvox',
  product: 'R711',
  format: 'frame',
  codec: 'netvox',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  examples: [
    {
      description: 'a room',
      fPort: 6,
      bytesHex: '0101011d08790a7a000000',
      expected: { now: { batteryVoltage: 2.9, temperature: 21.69, relativeHumidity: 26.82 } },
    },
    {
      description: 'version of its software',
      fPort: 6,
      bytesHex: '0101000001020304000000',
      expected: {},
    },
  ],
};
