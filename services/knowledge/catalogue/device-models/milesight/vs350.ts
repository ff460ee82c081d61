/** People passing, in and out, counted in each period. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightVs350: DeviceModel = {
  id: 'milesight-vs350',
  vendor: 'Milesight',
  product: 'VS350',
  format: 'frame',
  codec: 'milesight-vs350',
  heartbeat: 3600,
  quantities: ['peopleCount.inbound', 'peopleCount.outbound'],
  examples: [
    {
      description: 'Battery and temperature',
      fPort: 85,
      bytesHex: '01756403670c01',
      expected: { now: { batteryLevel: 100, temperature: 26.8 } },
    },
    {
      description: 'Counts of the period and in all',
      fPort: 85,
      bytesHex: '04cc1200160005cc13001400',
      expected: { now: { 'peopleCount.inbound': 19, 'peopleCount.outbound': 20 } },
    },
    {
      description: 'A limit passed: those people are counted at the end of the period',
      fPort: 85,
      bytesHex: '84cc011108110185cce803e90301',
      expected: {},
    },
    {
      description: 'Frost',
      fPort: 85,
      bytesHex: '83679cff00',
      expected: { now: { temperature: -10 } },
    },
    {
      description: 'A record of the period',
      fPort: 85,
      bytesHex: '20ce7b3af164000b000400',
      expected: { '2023-09-01T01:12:27Z': { 'peopleCount.inbound': 11, 'peopleCount.outbound': 4 } },
    },
    {
      description: 'A record with the counts in all',
      fPort: 85,
      bytesHex: '20ceff3df16401070002001d000800',
      expected: { '2023-09-01T01:27:27Z': { 'peopleCount.inbound': 7, 'peopleCount.outbound': 2 } },
    },
  ],
};
