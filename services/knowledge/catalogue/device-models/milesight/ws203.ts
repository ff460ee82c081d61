/** Presence in a room, with temperature and humidity; presence itself has no quantity. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightWs203: DeviceModel = {
  id: 'milesight-ws203',
  vendor: 'Milesight',
  product: 'WS203',
  format: 'frame',
  codec: 'milesight-ws203',
  heartbeat: 3600,
  quantities: ['temperature', 'relativeHumidity'],
  examples: [
    {
      description: 'Nobody there',
      fPort: 85,
      bytesHex: '01756403673401046865050000',
      expected: { now: { batteryLevel: 100, temperature: 30.8, relativeHumidity: 50.5 } },
    },
    {
      description: 'A limit passed: the value',
      fPort: 85,
      bytesHex: '83679cff01',
      expected: { now: { temperature: -10 } },
    },
    {
      description: 'Two records it kept',
      fPort: 85,
      bytesHex: '20ceae5ba664040024016520ce5c5ca6640301340165',
      expected: {
        '2023-07-06T06:14:06Z': { temperature: 29.2, relativeHumidity: 50.5 },
        '2023-07-06T06:17:00Z': { temperature: 30.8, relativeHumidity: 50.5 },
      },
    },
  ],
};
