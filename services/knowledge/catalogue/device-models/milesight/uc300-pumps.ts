/** A controller in a pumping station: an input for each pump that runs, or a counter of its starts. Analog and Modbus values need a model of their own. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightUc300Pumps: DeviceModel = {
  id: 'milesight-uc300-pumps',
  vendor: 'Milesight',
  product: 'UC300 (pumps on the inputs)',
  format: 'frame',
  codec: 'milesight-uc300',
  heartbeat: 3600,
  mapping: {
    input1: { quantity: 'pumpState.1' },
    input2: { quantity: 'pumpState.2' },
    input3: { quantity: 'pumpState.3' },
    input4: { quantity: 'pumpState.4' },
    counter1: { quantity: 'startCount.1' },
    counter2: { quantity: 'startCount.2' },
    counter3: { quantity: 'startCount.3' },
    counter4: { quantity: 'startCount.4' },
  },
  examples: [
    {
      description: 'Inputs 1 and 2 count starts, 3 and 4 are states',
      fPort: 85,
      bytesHex: '03c80a00000004c814000000050000060001070101080101',
      expected: { now: { 'startCount.1': 10, 'startCount.2': 20, 'pumpState.3': 'stopped', 'pumpState.4': 'running' } },
    },
    {
      description: 'The other way round',
      fPort: 85,
      bytesHex: '03000104000005c80100000006c8ffffff7f',
      expected: {
        now: { 'pumpState.1': 'running', 'pumpState.2': 'stopped', 'startCount.3': 1, 'startCount.4': 2147483647 },
      },
    },
    {
      description: 'Two probes, one in frost',
      fPort: 85,
      bytesHex: '096702010a67f6ff',
      expected: { now: { 'temperature.1': 25.8, 'temperature.2': -1.0 } },
    },
    {
      description: 'The same with extremes, in half precision',
      fPort: 85,
      bytesHex: '09e2734e734e734e734e0ae200bc00bc00bc00bc',
      expected: { now: { 'temperature.1': 25.796875, 'temperature.2': -1.0 } },
    },
  ],
};
