/** Tektelic Smart Room Sensor: temperature, humidity, a contact and motion in a room. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const tektelicSmartRoom: DeviceModel = {
  id: 'tektelic-smart-room',
  vendor: 'Tektelic',
  product: 'Smart Room Sensor',
  format: 'frame',
  codec: 'tektelic-room',
  heartbeat: 3600,
  mapping: {
    contact: { quantity: 'doorState' },
  },
  examples: [
    {
      description: 'a room',
      fPort: 10,
      bytesHex: '036700fb04683600ff013f',
      expected: { now: { temperature: 25.1, relativeHumidity: 27, batteryVoltage: 3.19 } },
    },
    {
      description: 'window open',
      fPort: 10,
      bytesHex: '0100ff08040001',
      expected: { now: { doorState: 'open' } },
    },
    {
      description: 'window closed, frost',
      fPort: 10,
      bytesHex: '0100000367ffce',
      expected: { now: { doorState: 'closed', temperature: -5 } },
    },
    {
      description: 'third generation: the battery in millivolts',
      fPort: 10,
      bytesHex: '036700f204686100ba0bc1',
      expected: { now: { temperature: 24.2, relativeHumidity: 48.5, batteryVoltage: 3.009 } },
    },
  ],
};
