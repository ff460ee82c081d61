/** A profile of the soil: temperature at up to eight depths. Its moisture is in a scale of its own, so it is no reading. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const decentlabDlSmtp: DeviceModel = {
  id: 'decentlab-dl-smtp',
  vendor: 'Decentlab',
  product: 'DL-SMTP',
  format: 'frame',
  codec: 'decentlab-dl-smtp',
  heartbeat: 3600,
  quantities: ['soilTemperature.depth0'],
  // Two alkaline cells: a fifth of the way from 2.0 V to the 3.0 V of new ones.
  batteryVoltageLimit: 2.2,
  examples: [
    {
      description: 'Six depths',
      fPort: 1,
      bytesHex: '020b50000309018a8c09438a9809278a920b3c8aa50c9c8a8c11e08aa500000000000000000b3b',
      expected: {
        now: {
          'soilTemperature.depth0': 27,
          'soilTemperature.depth1': 27.12,
          'soilTemperature.depth2': 27.06,
          'soilTemperature.depth3': 27.25,
          'soilTemperature.depth4': 27,
          'soilTemperature.depth5': 27.25,
          batteryVoltage: 2.875,
        },
      },
    },
    {
      description: 'Only the battery: the sensor did not answer',
      fPort: 1,
      bytesHex: '020b5000020b3b',
      expected: { now: { batteryVoltage: 2.875 } },
    },
  ],
};
