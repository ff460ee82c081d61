/** Temperature and humidity of the air. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlSht35: DeviceModel = {
  id: 'decentlab-dl-sht35',
  vendor: 'Decentlab',
  product: 'DL-SHT35',
  format: 'frame',
  codec: 'decentlab-dl-sht35',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Both',
      fPort: 1,
      bytesHex: '02030e000364a079b10c60',
      expected: {
        now: { temperature: 23.787670710307466, relativeHumidity: 47.536430914778364, batteryVoltage: 3.168 },
      },
    },
    {
      description: 'As cold as it can tell, quite dry',
      fPort: 1,
      bytesHex: '02030e0003000000000c60',
      expected: { now: { temperature: -45, relativeHumidity: 0, batteryVoltage: 3.168 } },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '02030e00020c60',
      expected: { now: { batteryVoltage: 3.168 } },
    },
  ],
};
