/** Temperature and humidity of the air, by an exact probe. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlRhc: DeviceModel = {
  id: 'decentlab-dl-rhc',
  vendor: 'Decentlab',
  product: 'DL-RHC',
  format: 'frame',
  codec: 'decentlab-dl-rhc',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Both',
      fPort: 1,
      bytesHex: '0202e00003a9fd01341ca285f30c60',
      expected: { now: { relativeHumidity: 73.3, temperature: 15.23, batteryVoltage: 3.168 } },
    },
    {
      description: 'Below zero',
      fPort: 1,
      bytesHex: '0202e00003a9fd013426487e0c0c60',
      expected: { now: { relativeHumidity: 98, temperature: -5.0, batteryVoltage: 3.168 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '0202e000020c60',
      expected: { now: { batteryVoltage: 3.168 } },
    },
  ],
};
