/** Temperature by a wired probe. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm500Pt100: DeviceModel = {
  id: 'milesight-em500-pt100',
  vendor: 'Milesight',
  product: 'EM500-PT100',
  format: 'frame',
  codec: 'milesight-em500-pt100',
  heartbeat: 3600,
  quantities: ['temperature'],
  examples: [
    {
      description: 'Temperature',
      fPort: 85,
      bytesHex: '01756403671901',
      expected: { now: { batteryLevel: 100, temperature: 28.1 } },
    },
    {
      description: 'As cold as we take',
      fPort: 85,
      bytesHex: '03670cfe',
      expected: { now: { temperature: -50 } },
    },
    {
      description: 'A sudden change: the value',
      fPort: 85,
      bytesHex: '83d71901320001',
      expected: { now: { temperature: 28.1 } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e7446631901',
      expected: { '2022-10-12T08:02:38Z': { temperature: 28.1 } },
    },
  ],
};
