/** Dragino LDS03A, outdoor door sensor: the state and how often it opened (user manual, section 2.3). */
import { fixedFrame } from '../fixed-frame.ts';
import { draginoStatus } from './dragino-status.ts';

// Its clock stands at the end of the frame; the time of receipt is as good and cannot be wrong by a lost synchronisation.
export const draginoLds03a = fixedFrame('dragino-lds03a', [
  draginoStatus,
  {
    ports: [2],
    fields: [
      { key: 'contact', at: 0, as: 'u8', mask: 0x01 },
      { key: 'openCount', at: 1, as: 'u24' },
    ],
  },
]);
