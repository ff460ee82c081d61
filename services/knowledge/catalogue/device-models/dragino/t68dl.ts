/** Dragino T68DL: a temperature with a display. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoT68dl: DeviceModel = {
  id: 'dragino-t68dl',
  vendor: 'Dragino',
  product: 'T68DL',
  format: 'frame',
  codec: 'dragino-t68dl',
  heartbeat: 3600,
  quantities: ['temperature'],
  examples: [
    {
      description: 'a warm room',
      fPort: 2,
      bytesHex: '0cbf0afe02671f024a',
      expected: { now: { batteryVoltage: 3.263, temperature: 28.14 } },
    },
    {
      description: 'a freezer',
      fPort: 2,
      bytesHex: '0cbff83002671f024a',
      expected: { now: { batteryVoltage: 3.263, temperature: -20 } },
    },
  ],
};
