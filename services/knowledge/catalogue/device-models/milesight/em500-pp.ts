/** Pressure in a pipe. The catalogue has no quantity for it, so only the battery becomes a reading; the key is pipePressure, kPa. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm500Pp: DeviceModel = {
  id: 'milesight-em500-pp',
  vendor: 'Milesight',
  product: 'EM500-PP',
  format: 'frame',
  codec: 'milesight-em500-pp',
  heartbeat: 3600,
  examples: [
    {
      description: 'Ten kilopascals',
      fPort: 85,
      bytesHex: '017564037b0a00',
      expected: { now: { batteryLevel: 100 } },
    },
    {
      description: 'Four bar',
      fPort: 85,
      bytesHex: '01755a037b9001',
      expected: { now: { batteryLevel: 90 } },
    },
  ],
};
