/** Parametric PCR2: a radar that counts people who pass: directions are channels. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const parametricPcr2: DeviceModel = {
  id: 'parametric-pcr2',
  vendor: 'Parametric',
  product: 'PCR2',
  format: 'frame',
  codec: 'parametric-pcr2',
  heartbeat: 3600,
  quantities: ['peopleCount.ltr', 'peopleCount.rtl'],
  examples: [
    {
      description: 'version 4, solar',
      fPort: 14,
      bytesHex: 'be010400010002000300041c200ce40139',
      expected: { now: { 'peopleCount.ltr': 1, 'peopleCount.rtl': 2, batteryVoltage: 7.2 } },
    },
    {
      description: 'version 3, solar',
      fPort: 14,
      bytesHex: 'be01030000000000010000640ce40139',
      expected: { now: { 'peopleCount.ltr': 0, 'peopleCount.rtl': 0, batteryLevel: 100 } },
    },
    {
      description: 'version 2, frost',
      fPort: 14,
      bytesHex: '0a000a16001001ff9a',
      expected: { now: { 'peopleCount.ltr': 10, 'peopleCount.rtl': 16 } },
    },
  ],
};
