/** nke Watteco Triphas'O: a meter for three phases. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const nkeWattecoTriphaso: DeviceModel = {
  id: 'nke-watteco-triphaso',
  vendor: 'nke Watteco',
  product: "Triphas'O",
  format: 'frame',
  codec: 'watteco-triphaso',
  heartbeat: 3600,
  examples: [
    {
      description: 'all phases: energy and power',
      fPort: 125,
      bytesHex: '710a800a000041200000317e00000999000003ed00000a420000002e00000009000000020000000f',
      expected: { now: { energy: 12.67, activePower: 0.037 } },
    },
    {
      description: 'second phase: current',
      fPort: 125,
      bytesHex: '310a800b00004106090500010118',
      expected: { now: { 'current.L2': 0.1 } },
    },
    {
      description: 'first phase: no current',
      fPort: 125,
      bytesHex: '110a800b00004106090700000114',
      expected: { now: { 'current.L1': 0 } },
    },
  ],
};
