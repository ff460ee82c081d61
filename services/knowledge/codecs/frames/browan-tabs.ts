/** Browan Tabs: status, battery, board temperature, then what the product measures (reference manuals, section 4.1). */
import { type FixedField, fixedFrame } from '../fixed-frame.ts';

/** The battery in tenths of a volt above 2.5 V; the temperature in degrees above -32 °C. */
const COMMON: readonly FixedField[] = [
  { key: 'batteryVoltage', at: 1, as: 'u8', mask: 0x0f, per: 10, plus: 2.5 },
  { key: 'temperature', at: 2, as: 'u8', mask: 0x7f, plus: -32, absent: [0x7f] },
];

export const browanTabs = fixedFrame('browan-tabs', [
  {
    // TBDW100, door and window
    ports: [100],
    fields: [...COMMON, { key: 'contact', at: 0, as: 'u8', mask: 0x01 }, { key: 'openCount', at: 5, as: 'u24Le' }],
  },
  {
    // TBHH100, healthy home
    ports: [103],
    fields: [...COMMON, { key: 'relativeHumidity', at: 3, as: 'u8', mask: 0x7f, absent: [0x7f] }],
  },
  {
    // TBAM100, ambient light
    ports: [104],
    fields: [...COMMON, { key: 'illuminance', at: 3, as: 'u24Le', per: 100 }],
  },
  {
    // TBSL100, sound level
    ports: [105],
    fields: [...COMMON, { key: 'laeq', at: 3, as: 'u8', absent: [0xff] }],
  },
  {
    // TBWL100, water leak
    ports: [106],
    fields: [...COMMON, { key: 'waterLeak', at: 0, as: 'u8', mask: 0x01 }],
  },
  { ports: [204], fields: [] }, // an answer to a command
]);
