/** Dragino T68DL: a temperature (user manual, section "Uplink payload"). */
import { fixedFrame } from '../fixed-frame.ts';
import { draginoStatus } from './dragino-status.ts';

export const draginoT68dl = fixedFrame('dragino-t68dl', [
  draginoStatus,
  {
    ports: [2],
    fields: [
      { key: 'batteryVoltage', at: 0, as: 'u16', per: 1000 },
      { key: 'temperature', at: 2, as: 'i16', per: 100, absent: [0x7fff] },
    ],
  },
]);
