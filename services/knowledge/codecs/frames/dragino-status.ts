/** What all sensors of Dragino send on port 5: model, firmware, band, and the battery in millivolts. */
import type { FixedLayout } from '../fixed-frame.ts';

export const draginoStatus: FixedLayout = {
  ports: [5],
  fields: [{ key: 'batteryVoltage', at: 5, as: 'u16', per: 1000 }],
};
