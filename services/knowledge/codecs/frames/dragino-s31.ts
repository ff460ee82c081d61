/** Dragino S31-LB and S31B-LB: temperature and humidity (user manual, section 2.3). */
import { fixedFrame } from '../fixed-frame.ts';
import { draginoStatus } from './dragino-status.ts';

export const draginoS31 = fixedFrame('dragino-s31', [
  draginoStatus,
  {
    ports: [2],
    fields: [
      { key: 'batteryVoltage', at: 0, as: 'u16', per: 1000 },
      { key: 'temperature', at: 7, as: 'i16', per: 10, absent: [0x7fff] },
      { key: 'relativeHumidity', at: 9, as: 'u16', per: 10 },
    ],
  },
]);
