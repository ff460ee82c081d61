/** Dragino LDDS75, DDS75-LB and their likes: one distance, one optional probe (user manuals, section "Uplink payload"). */
import { fixedFrame } from '../fixed-frame.ts';
import { draginoStatus } from './dragino-status.ts';

export const draginoDistance = fixedFrame('dragino-distance', [
  draginoStatus,
  {
    fields: [
      { key: 'batteryVoltage', at: 0, as: 'u16', mask: 0x3fff, per: 1000 },
      // 0: no sensor found; 20: nearer than it can measure, or no echo.
      { key: 'distance', at: 2, as: 'u16', absent: [0, 20] },
      // Without a probe firmware sends 0 or 7FFF. 0 cannot be told from a frosty day, and is passed on as the vendor's own codec does.
      { key: 'temperature', at: 5, as: 'i16', per: 10, absent: [0x7fff] },
    ],
  },
]);
