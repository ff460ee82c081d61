/** Dragino LDDS04: four distances (user manual, section 2.3). */
import { fixedFrame } from '../fixed-frame.ts';
import { draginoStatus } from './dragino-status.ts';

export const draginoLdds04 = fixedFrame('dragino-ldds04', [
  draginoStatus,
  {
    fields: [
      { key: 'batteryVoltage', at: 0, as: 'u16', mask: 0x3fff, per: 1000 },
      ...[1, 2, 3, 4].map((n) => ({ key: `distance.${n}`, at: 2 * n, as: 'u16', absent: [0, 20] }) as const),
    ],
  },
]);
