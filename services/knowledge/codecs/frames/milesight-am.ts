/** Tables of Milesight's AM series, climate of rooms (user guides of the products, "Payload"). */
import type { FrameCodec } from '../frame-codec.ts';
import { type Field, skip } from './field.ts';
import { type MilesightChannel, milesight } from './milesight.ts';

const temperature: Field = { key: 'temperature', type: 'i16', per: 10 };
const humidity: Field = { key: 'relativeHumidity', type: 'u8', per: 2 };
const motion: Field = { key: 'motion', type: 'u8' };
/** Six steps from dark to bright, no lux. */
const lightLevel: Field = { key: 'lightLevel', type: 'u8' };
const co2: Field = { key: 'co2', type: 'u16' };
/** An index from 0 to 5 or micrograms in a cubic metre, as set in the device: neither can become parts per billion. */
const tvocIndex: Field = { key: 'tvocIndex', type: 'u16', per: 100 };
const tvocMass: Field = { key: 'tvocMass', type: 'u16' };
const airPressure: Field = { key: 'atmosphericPressure', type: 'u16', per: 10 };
/** Milligrams in a cubic metre. */
const formaldehyde: Field = { key: 'formaldehyde', type: 'u16', per: 100 };
const pm25: Field = { key: 'pm25', type: 'u16' };
const pm10: Field = { key: 'pm10', type: 'u16' };
/** Parts per million. */
const ozone: Field = { key: 'ozone', type: 'u16', per: 100 };

const ROOM: readonly MilesightChannel[] = [
  { id: 0x0367, fields: [temperature] },
  { id: 0x0468, fields: [humidity] },
  { id: 0x0500, fields: [motion] },
  { id: 0x06cb, fields: [lightLevel] },
  { id: 0x077d, fields: [co2] },
  { id: 0x087d, fields: [tvocIndex] },
  { id: 0x08e6, fields: [tvocMass] },
  { id: 0x0973, fields: [airPressure] },
  { id: 0x0e01, fields: [{ type: 'u8' }] }, // the buzzer
];

const PARTICLES: readonly MilesightChannel[] = [
  { id: 0x0b7d, fields: [pm25] },
  { id: 0x0c7d, fields: [pm10] },
];

/** One for each way to tell the volatile compounds. Unlike in a fresh message the humidity has two bytes. */
function history(...more: Field[]): MilesightChannel[] {
  const fields = (tvoc: Field): Field[] => [
    temperature,
    { ...humidity, type: 'u16' },
    motion,
    lightLevel,
    co2,
    tvoc,
    airPressure,
    ...more,
  ];
  return [
    { id: 0x20ce, history: true, fields: fields(tvocIndex) },
    { id: 0x21ce, history: true, fields: fields(tvocMass) },
  ];
}

export const milesightAm: readonly FrameCodec[] = [
  milesight('milesight-am103', [
    { id: 0x0367, fields: [temperature] },
    { id: 0x0468, fields: [humidity] },
    { id: 0x077d, fields: [co2] },
    { id: 0x20ce, history: true, fields: [temperature, humidity, co2] },
  ]),
  // The older ones: lux instead of steps, activity instead of movement, parts per billion instead of an index.
  milesight('milesight-am107', [
    { id: 0x0367, fields: [temperature] },
    { id: 0x0468, fields: [humidity] },
    { id: 0x056a, fields: [{ key: 'activity', type: 'u16' }] },
    { id: 0x0665, fields: [{ key: 'illuminance', type: 'u16' }, ...skip(4)] },
    { id: 0x077d, fields: [co2] },
    { id: 0x087d, fields: [{ key: 'tvoc', type: 'u16' }] },
    { id: 0x0973, fields: [airPressure] },
  ]),
  milesight('milesight-am307', [...ROOM, ...history()]),
  milesight('milesight-am308', [...ROOM, ...PARTICLES, ...history(pm25, pm10)]),
  milesight('milesight-am319-hcho', [
    ...ROOM,
    ...PARTICLES,
    { id: 0x0a7d, fields: [formaldehyde] },
    ...history(pm25, pm10, formaldehyde),
  ]),
  milesight('milesight-am319-o3', [
    ...ROOM,
    ...PARTICLES,
    { id: 0x0d7d, fields: [ozone] },
    ...history(pm25, pm10, ozone),
  ]),
];
