/** Adeunis PULSE (electricity meters, 1000 pulses a kWh): two electricity meters of a thousand pulses a kilowatt-hour. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const adeunisPulseEnergy: DeviceModel = {
  id: 'adeunis-pulse-energy',
  vendor: 'Adeunis',
  product: 'PULSE (electricity meters, 1000 pulses a kWh)',
  format: 'frame',
  codec: 'adeunis',
  heartbeat: 24 * 3600,
  mapping: {
    'pulses.a': { quantity: 'energy.a', factor: 0.001 },
    'pulses.b': { quantity: 'energy.b', factor: 0.001 },
  },
  quantities: ['energy.a', 'energy.b'],
  examples: [
    {
      description: 'two meters',
      fPort: 1,
      bytesHex: '46200001e2400000003c',
      expected: { now: { 'energy.a': 123.456, 'energy.b': 0.06 } },
    },
    {
      description: 'nothing yet',
      fPort: 1,
      bytesHex: '46400000000000000000',
      expected: { now: { 'energy.a': 0, 'energy.b': 0 } },
    },
  ],
};
