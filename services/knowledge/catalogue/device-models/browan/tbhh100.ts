/** Browan TBHH100: temperature and humidity of a room. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const browanTbhh100: DeviceModel = {
  id: 'browan-tbhh100',
  vendor: 'Browan',
  product: 'TBHH100',
  format: 'frame',
  codec: 'browan-tabs',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  examples: [
    {
      description: 'a room',
      fPort: 103,
      bytesHex: '000b3630ffffffff',
      expected: { now: { batteryVoltage: 3.6, temperature: 22, relativeHumidity: 48 } },
    },
    {
      description: 'frost, humidity not measured',
      fPort: 103,
      bytesHex: '000b147fffffffff',
      expected: { now: { batteryVoltage: 3.6, temperature: -12 } },
    },
  ],
};
