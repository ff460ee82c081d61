/** Temperature of a road surface, air and dew point beside it; the air in the shade. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlCws2: DeviceModel = {
  id: 'decentlab-dl-cws2',
  vendor: 'Decentlab',
  product: 'DL-CWS2',
  format: 'frame',
  codec: 'decentlab-dl-cws2',
  heartbeat: 3600,
  quantities: ['roadSurfaceTemperature', 'temperature', 'relativeHumidity', 'dewPoint'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Autumn',
      fPort: 1,
      bytesHex: '0258c000074676fa0a81c9813fa6d88137802581300b91',
      expected: {
        now: {
          temperature: 3.167391470206759,
          relativeHumidity: 97.67299916075379,
          roadSurfaceTemperature: 4.57,
          dewPoint: 3.11,
          batteryVoltage: 2.961,
        },
      },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '0258c000040b91',
      expected: { now: { batteryVoltage: 2.961 } },
    },
  ],
};
