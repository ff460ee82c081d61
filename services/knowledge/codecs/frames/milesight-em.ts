/** Tables of Milesight's EM series: climate, contacts, levels, soil (user guides of the products, "Payload"). */
import type { FrameCodec } from '../frame-codec.ts';
import { type Field, readCount, skip } from './field.ts';
import { type MilesightChannel, type MilesightReader, milesight, need } from './milesight.ts';

const temperature: Field = { key: 'temperature', type: 'i16', per: 10 };
const humidity: Field = { key: 'relativeHumidity', type: 'u8', per: 2 };
const co2: Field = { key: 'co2', type: 'u16' };
const airPressure: Field = { key: 'atmosphericPressure', type: 'u16', per: 10 };
const distance: Field = { key: 'distance', type: 'u16' };
/** 0 closed, 1 open: the order of the states of `doorState`, and of a ring's `holderState`. */
const contact: Field = { key: 'contact', type: 'u8' };
/** 0 dry, 1 leak: the order of the states. */
const leak: Field = { key: 'waterLeak', type: 'u8' };
/** 0 upright, 1 tilted: the order of the states. */
const tilted: Field = { key: 'tilted', type: 'u8' };
const depth: Field = { key: 'waterDepth', type: 'u16', per: 100 };
const pipePressure: Field = { key: 'pipePressure', type: 'u16' };
const soilTemperature: Field = { ...temperature, key: 'soilTemperature' };
const soilMoisture: Field = { key: 'soilMoistureVwc', type: 'u16', per: 100 };
const conductivity: Field = { key: 'soilConductivity', type: 'u16' };
const illuminance: Field = { key: 'illuminance', type: 'u32' };

/** A value that passed a limit set in the device is read as any other: whether it is too much is for the rules here to say. */
const ALARM_KIND = skip(1);

const history = (...fields: Field[]): MilesightChannel => ({ id: 0x20ce, history: true, fields });

const CLIMATE: readonly MilesightChannel[] = [
  { id: 0x0367, fields: [temperature] },
  { id: 0x0468, fields: [humidity] },
];

const BIN: readonly MilesightChannel[] = [
  { id: 0x0367, fields: [temperature] },
  { id: 0x0482, fields: [distance] },
  { id: 0x0500, fields: [tilted] },
  { id: 0x0688, fields: skip(9) }, // where it is, NB-IoT only
  { id: 0x8367, fields: [temperature, ...ALARM_KIND] },
  { id: 0x8482, fields: [distance, ...ALARM_KIND] },
];

/** The change since the last value, and why it is told: both can be seen from the values. */
const TEMPERATURE_ALARM: MilesightChannel = { id: 0x83d7, fields: [temperature, ...skip(2), ...ALARM_KIND] };

/**
 * Angles of three axes in hundredths of a degree, -180 to 180, and a bit for each that passed its limit. Our angle has no
 * direction: a post that leans 3° to the left leans as much as one that leans 3° to the right.
 */
const TILT: MilesightReader = {
  id: 0x03cf,
  read(view, at, out) {
    need(view, at, 7, 'channel 03cf');
    for (const [i, axis] of ['x', 'y', 'z'].entries())
      out.value(`tiltAngle.${axis}`, Math.abs(readCount(view, at + 2 * i, 'i16', 'little')) / 100);
    out.value('tilted', (view.getUint8(at + 6) & 0b111) === 0 ? 0 : 1);
    return 7;
  },
};

export const milesightEm: readonly FrameCodec[] = [
  milesight('milesight-em300-th', [...CLIMATE, history(temperature, humidity, ...skip(1))]),
  milesight('milesight-em300-mcs', [
    ...CLIMATE,
    { id: 0x0600, fields: [contact] },
    history(temperature, humidity, contact),
  ]),
  // EM300-SLD with a spot, -ZLD with a cable.
  milesight('milesight-em300-sld', [...CLIMATE, { id: 0x0500, fields: [leak] }, history(temperature, humidity, leak)]),
  milesight('milesight-em310-udl', [
    { id: 0x0382, fields: [distance] },
    { id: 0x0400, fields: [tilted] },
  ]),
  milesight('milesight-em310-tilt', [TILT]),
  milesight('milesight-em320-th', [...CLIMATE, history(temperature, humidity)]),
  // EM400-MUD, -UDL and -TLD: ultrasound for bins, for levels, and laser.
  milesight('milesight-em400', BIN),
  milesight('milesight-em410-rdl', [
    ...BIN,
    { id: 0x9482, fields: [distance, ...skip(2), ...ALARM_KIND] },
    // Too near, or no echo: the distance beside it is none.
    { id: 0xb482, fields: skip(3) },
    history(distance, temperature, ...skip(3)),
  ]),
  milesight('milesight-em500-swl', [{ id: 0x0377, fields: [depth] }, history(depth)]),
  milesight('milesight-em500-pp', [{ id: 0x037b, fields: [pipePressure] }, history(pipePressure)]),
  milesight('milesight-em500-udl', [
    { id: 0x0382, fields: [distance] },
    { id: 0x83e9, fields: [distance, ...skip(2), ...ALARM_KIND] },
    history(distance),
  ]),
  milesight('milesight-em500-smtc', [
    { id: 0x0367, fields: [soilTemperature] },
    { id: 0x0468, fields: [{ ...humidity, key: 'soilMoistureVwc' }] },
    { id: 0x04ca, fields: [soilMoisture] },
    { id: 0x057f, fields: [conductivity] },
    { id: 0x83d7, fields: [soilTemperature, ...skip(2), ...ALARM_KIND] },
    history(conductivity, soilTemperature, soilMoisture),
  ]),
  milesight('milesight-em500-co2', [
    ...CLIMATE,
    { id: 0x057d, fields: [co2] },
    { id: 0x0673, fields: [airPressure] },
    TEMPERATURE_ALARM,
    history(co2, airPressure, temperature, humidity),
  ]),
  milesight('milesight-em500-pt100', [{ id: 0x0367, fields: [temperature] }, TEMPERATURE_ALARM, history(temperature)]),
  milesight('milesight-em500-lgt', [{ id: 0x0394, fields: [illuminance] }, history(illuminance)]),
];
