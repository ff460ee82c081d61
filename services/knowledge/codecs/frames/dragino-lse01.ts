/** Dragino LSE01, soil: moisture, temperature, conductivity (user manual, section 2.3.1). */
import { fixedFrame } from '../fixed-frame.ts';
import { draginoStatus } from './dragino-status.ts';

export const draginoLse01 = fixedFrame('dragino-lse01', [
  draginoStatus,
  {
    fields: [
      { key: 'batteryVoltage', at: 0, as: 'u16', mask: 0x3fff, per: 1000 },
      { key: 'temperature', at: 2, as: 'i16', per: 10, absent: [0x7fff] },
      { key: 'soilMoistureVwc', at: 4, as: 'u16', per: 100 },
      { key: 'soilTemperature', at: 6, as: 'i16', per: 100 },
      // µS/cm. Bit 7 of the byte after it is set both by firmware in the "raw" mode and by some in the usual one: it tells nothing.
      { key: 'soilConductivity', at: 8, as: 'u16' },
    ],
  },
]);
