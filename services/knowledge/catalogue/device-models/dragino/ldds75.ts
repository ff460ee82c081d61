/** Dragino LDDS75: an ultrasonic level sensor with a cable; a distance in millimetres, and the temperature of a probe if it has one. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoLdds75: DeviceModel = {
  id: 'dragino-ldds75',
  vendor: 'Dragino',
  product: 'LDDS75',
  format: 'frame',
  codec: 'dragino-distance',
  heartbeat: 3600,
  quantities: ['distance'],
  examples: [
    {
      description: 'two metres, no probe',
      fPort: 2,
      bytesHex: '0d0a07e900000001',
      expected: { now: { batteryVoltage: 3.338, distance: 2025, temperature: 0 } },
    },
    {
      description: 'a probe in the frost',
      fPort: 2,
      bytesHex: '0b450a3600ff3f01',
      expected: { now: { batteryVoltage: 2.885, distance: 2614, temperature: -19.3 } },
    },
    {
      description: 'no echo',
      fPort: 2,
      bytesHex: '0b45000000010501',
      expected: { now: { batteryVoltage: 2.885, temperature: 26.1 } },
    },
  ],
};
