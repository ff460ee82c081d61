/** Dragino LDDS04: four ultrasonic probes on one sensor: a channel each. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoLdds04: DeviceModel = {
  id: 'dragino-ldds04',
  vendor: 'Dragino',
  product: 'LDDS04',
  format: 'frame',
  codec: 'dragino-ldds04',
  heartbeat: 3600,
  quantities: ['distance.1', 'distance.2', 'distance.3', 'distance.4'],
  examples: [
    {
      description: 'four distances',
      fPort: 2,
      bytesHex: '0d4a03160318031a031501',
      expected: {
        now: { batteryVoltage: 3.402, 'distance.1': 790, 'distance.2': 792, 'distance.3': 794, 'distance.4': 789 },
      },
    },
    {
      description: 'two probes without an echo',
      fPort: 2,
      bytesHex: '0d4a000003180014031500',
      expected: { now: { batteryVoltage: 3.402, 'distance.2': 792, 'distance.4': 789 } },
    },
  ],
};
