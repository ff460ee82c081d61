/** Elsys, Decentlab and Dragino: each its own framing, big-endian all three. */
import { clamp } from '../../kind.ts';
import { integer, type LorawanModel, measured } from '../lorawan-model.ts';

const u8 = (n: number): number[] => integer(n, 1, 'big');
const u16 = (n: number): number[] => integer(n, 2, 'big');

/** `type, data` (Elsys, "Sensor payload"): 01 temperature, 02 humidity, 04 light, 05 motion, 06 CO₂, 07 battery in mV. */
export const elsysErsCo2: LorawanModel = {
  id: 'elsys-ers-co2',
  vendor: 'Elsys',
  product: 'ERS CO2',
  kind: 'indoor-climate',
  fPort: 5,
  encode: ({ values, batteryVoltage }) =>
    Uint8Array.from([
      ...[0x01, ...u16(measured(values, 'temperature') * 10)],
      ...[0x02, ...u8(measured(values, 'relativeHumidity'))],
      ...[0x04, ...u16(measured(values, 'illuminance'))],
      ...[0x05, ...u8(measured(values, 'co2') > 700 ? 3 : 0)],
      ...[0x06, ...u16(measured(values, 'co2', 400))],
      ...[0x07, ...u16(batteryVoltage * 1000)],
    ]),
};

/** Metres of water to bar: 1000 kg/m³ and the gravity of the earth. */
const BAR_PER_METRE = 0.0980665;

/**
 * Version, device number, flags, then words (Decentlab DL-PR26 user guide, "Data format"): pressure over the cell's range of
 * 0 to 1 bar as 16384 to 49152, temperature, battery in mV.
 */
export const decentlabPr26: LorawanModel = {
  id: 'decentlab-dl-pr26',
  vendor: 'Decentlab',
  product: 'DL-PR26',
  kind: 'pumping-station',
  fPort: 1,
  encode: ({ values, batteryVoltage }) => {
    const bar = clamp(measured(values, 'waterDepth') * BAR_PER_METRE, 0, 1);
    return Uint8Array.from([
      2,
      ...u16(359),
      ...u16(0b11),
      ...u16(16_384 + bar * 32_768),
      ...u16((11 + 50) / 0.003125 + 384), // sewage has 11 °C the whole year
      ...u16(batteryVoltage * 1000),
    ]);
  },
};

/** Battery, distance in mm, interrupt, probe, sensor found (Dragino LDDS75 user manual, "Uplink payload"). */
export const draginoLdds75: LorawanModel = {
  id: 'dragino-ldds75',
  vendor: 'Dragino',
  product: 'LDDS75',
  kind: 'water-level',
  fPort: 2,
  encode: ({ values, batteryVoltage }) =>
    Uint8Array.from([
      ...u16(batteryVoltage * 1000),
      ...u16(clamp(measured(values, 'distance'), 280, 7500)),
      0,
      ...u16(0x7fff), // no probe
      1,
    ]),
};
