/** Dragino S31-LB, S31B-LB: temperature and humidity outdoors. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoS31Lb: DeviceModel = {
  id: 'dragino-s31-lb',
  vendor: 'Dragino',
  product: 'S31-LB, S31B-LB',
  format: 'frame',
  codec: 'dragino-s31',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  examples: [
    {
      description: 'a warm day',
      fPort: 2,
      bytesHex: '0e1c68a2ef9b0001130191',
      expected: {
        now: { batteryVoltage: 3.612 },
        '2025-08-18T09:17:15.000Z': { temperature: 27.5, relativeHumidity: 40.1 },
      },
    },
    {
      description: 'frost, not told the time yet',
      fPort: 2,
      bytesHex: '0e1c0000000000ff9c0384',
      expected: { now: { batteryVoltage: 3.612, temperature: -10, relativeHumidity: 90 } },
    },
  ],
};
