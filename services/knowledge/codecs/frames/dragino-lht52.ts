/** Dragino LHT52: temperature, humidity and a probe (user manual, section 2.3). */
import { fixedFrame } from '../fixed-frame.ts';
import { draginoStatus } from './dragino-status.ts';

export const draginoLht52 = fixedFrame('dragino-lht52', [
  draginoStatus,
  {
    ports: [2],
    fields: [
      { key: 'temperature', at: 0, as: 'i16', per: 100 },
      { key: 'relativeHumidity', at: 2, as: 'u16', per: 10 },
      { key: 'temperature.external', at: 4, as: 'i16', per: 100, absent: [0x7fff] },
    ],
  },
]);
