/** Browan TBSL100: the level of sound in a room. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const browanTbsl100: DeviceModel = {
  id: 'browan-tbsl100',
  vendor: 'Browan',
  product: 'TBSL100',
  format: 'frame',
  codec: 'browan-tabs',
  heartbeat: 3600,
  quantities: ['temperature', 'laeq'],
  examples: [
    {
      description: 'a lively room',
      fPort: 105,
      bytesHex: '000b3641',
      expected: { now: { batteryVoltage: 3.6, temperature: 22, laeq: 65 } },
    },
    {
      description: 'not measured',
      fPort: 105,
      bytesHex: '000b36ff',
      expected: { now: { batteryVoltage: 3.6, temperature: 22 } },
    },
  ],
};
