/** Milesight: rows of `channel, type, data`, little-endian (user guides of the products, "Payload"). */
import { numberOf } from '../../kind.ts';
import { integer, type LorawanModel, measured, type Seen } from '../lorawan-model.ts';

const u8 = (n: number): number[] => integer(n, 1, 'little');
const u16 = (n: number): number[] => integer(n, 2, 'little');

const battery = (seen: Seen): number[] => [0x01, 0x75, ...u8(seen.batteryLevel)];
const temperature = (celsius: number): number[] => [0x03, 0x67, ...u16(celsius * 10)];
const humidity = (percent: number): number[] => [0x04, 0x68, ...u8(percent * 2)];

const FPORT = 85;

export const em400Mud: LorawanModel = {
  id: 'milesight-em400-mud',
  vendor: 'Milesight',
  product: 'EM400-MUD',
  kind: 'waste-container',
  fPort: FPORT,
  encode: (seen) =>
    Uint8Array.from([
      ...battery(seen),
      ...temperature(measured(seen.values, 'temperature')),
      ...[0x04, 0x82, ...u16(measured(seen.values, 'distance'))],
      ...[0x05, 0x00, seen.values.tilted === 'yes' ? 1 : 0],
    ]),
};

/** The cell lies on the bottom of the well: centimetres of water over it. */
export const em500Swl: LorawanModel = {
  id: 'milesight-em500-swl',
  vendor: 'Milesight',
  product: 'EM500-SWL',
  kind: 'manhole',
  fPort: FPORT,
  encode: (seen) => {
    const { values, attributes } = seen;
    const height = numberOf(attributes, 'sensorElevation', 12) - numberOf(attributes, 'bottomElevation', 10);
    const depth = Math.max(0, height - measured(values, 'distance') / 1000);
    return Uint8Array.from([...battery(seen), ...[0x03, 0x77, ...u16(depth * 100)]]);
  },
  mounted: (attributes) => ({ ...attributes, sensorElevation: numberOf(attributes, 'bottomElevation', 10) }),
};

/** A magnet on the ring, the contact in the holder. */
export const em300Mcs: LorawanModel = {
  id: 'milesight-em300-mcs-ring',
  vendor: 'Milesight',
  product: 'EM300-MCS',
  kind: 'rescue-ring',
  fPort: FPORT,
  encode: (seen) =>
    Uint8Array.from([
      ...battery(seen),
      ...temperature(seen.temperature),
      ...humidity(seen.humidity),
      ...[0x06, 0x00, seen.values.holderState === 'removed' ? 1 : 0],
    ]),
};

/** Six steps from dark to bright, as the user guide has them. */
const LIGHT_STEPS = [5, 50, 100, 400, 700];

export const am307: LorawanModel = {
  id: 'milesight-am307',
  vendor: 'Milesight',
  product: 'AM307',
  kind: 'indoor-climate',
  fPort: FPORT,
  encode: (seen) => {
    const { values } = seen;
    const lux = measured(values, 'illuminance');
    const co2 = measured(values, 'co2', 400);
    return Uint8Array.from([
      ...battery(seen),
      ...temperature(measured(values, 'temperature')),
      ...humidity(measured(values, 'relativeHumidity')),
      ...[0x05, 0x00, co2 > 700 ? 1 : 0],
      ...[0x06, 0xcb, LIGHT_STEPS.filter((step) => lux > step).length],
      ...[0x07, 0x7d, ...u16(co2)],
      // The index rises with people in the room, hundredths.
      ...[0x08, 0x7d, ...u16(100 + (co2 - 400) / 10)],
      ...[0x09, 0x73, ...u16(10132)],
    ]);
  },
};
