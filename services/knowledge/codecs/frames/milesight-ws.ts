/** Tables of Milesight's WS, VS and WTS series: doors, sound, presence, people, weather (user guides, "Payload"). */
import type { FrameCodec } from '../frame-codec.ts';
import { bytesOf, type Field, readCount, readFields, skip } from './field.ts';
import { type MilesightChannel, type MilesightReader, milesight, need } from './milesight.ts';

const temperature: Field = { key: 'temperature', type: 'i16', per: 10 };
const humidity: Field = { key: 'relativeHumidity', type: 'u8', per: 2 };
/** 0 nobody, 1 somebody. */
const occupied: Field = { key: 'occupied', type: 'u8' };
const peopleInPeriod: readonly Field[] = [
  { key: 'peopleCount.inbound', type: 'u16' },
  { key: 'peopleCount.outbound', type: 'u16' },
];
/** Since it was started: the counts of the periods say the same, and are sums already. */
const PEOPLE_IN_ALL = skip(4);
const windDirection: Field = { key: 'windDirection', type: 'u16', per: 10 };
const airPressure: Field = { key: 'atmosphericPressure', type: 'u16', per: 10 };
const windSpeed: Field = { key: 'windSpeed', type: 'u16', per: 10 };
/** Millimetres since it was started; the catalogue's `precipitation` is an amount in a period. */
const rain: Field = { key: 'rainTotal', type: 'u16', per: 100 };
const rainLong: Field = { ...rain, type: 'u32' };

/** Level now, mean and maximum in tenths of a decibel. Bits 0 and 1 of the first byte are the weighting: Z, A or C. */
const SOUND: MilesightReader = {
  id: 0x055b,
  read(view, at, out) {
    need(view, at, 7, 'channel 055b');
    const mean = ['lzeq', 'laeq', 'lceq'][view.getUint8(at) & 0b11];
    if (mean === undefined) out.bad('codec-failed', 'channel 055b: a weighting that is neither A, C nor Z');
    else out.value(mean, readCount(view, at + 3, 'u16', 'little') / 10);
    return 7;
  },
};

/** Counts of people that cross a line, in the period and since the start; `n` from 1. Line 1 has the plain channels. */
function crossing(n: number): MilesightChannel[] {
  const first = 0x03 + 3 * (n - 1);
  const line = n === 1 ? '' : `-${n}`;
  const inPeriod = peopleInPeriod.map((f): Field => ({ ...f, key: `${f.key}${line}` }));
  return [
    { id: (first << 8) | 0xd2, fields: PEOPLE_IN_ALL },
    { id: ((first + 1) << 8) | 0xd2, fields: PEOPLE_IN_ALL },
    { id: ((first + 2) << 8) | 0xcc, fields: inPeriod },
  ];
}

/** Version of the firmware, longer than that of others. */
const LONG_VERSION: MilesightChannel = { id: 0xff1f, fields: skip(4) };

/** The byte after the time says whether the counts of the period stand alone. */
const PEOPLE_HISTORY: MilesightReader = {
  id: 0x20ce,
  read(view, at, out) {
    need(view, at, 5, 'channel 20ce');
    const fields = view.getUint8(at + 4) === 0 ? peopleInPeriod : [...peopleInPeriod, ...PEOPLE_IN_ALL];
    const bytes = 5 + bytesOf(fields);
    need(view, at, bytes, 'channel 20ce');
    out.at(readCount(view, at, 'u32', 'little') * 1000);
    readFields(view, at + 5, fields, 'little', out);
    return bytes;
  },
};

export const milesightWs: readonly FrameCodec[] = [
  milesight('milesight-ws203', [
    { id: 0x0367, fields: [temperature] },
    { id: 0x0468, fields: [humidity] },
    { id: 0x0500, fields: [occupied] },
    { id: 0x8367, fields: [temperature, ...skip(1)] },
    { id: 0x20ce, history: true, fields: [...skip(1), occupied, temperature, humidity] },
  ]),
  milesight('milesight-ws301', [
    // 0 closed, 1 open: the order of the states of `doorState`.
    { id: 0x0300, fields: [{ key: 'contact', type: 'u8' }] },
    { id: 0x0400, fields: [{ key: 'takenDown', type: 'u8' }] },
  ]),
  milesight('milesight-ws302', [SOUND]),
  milesight('milesight-vs132', [LONG_VERSION, ...crossing(1)]),
  // VS133 and VS135: up to four lines, and regions with those that stay in them.
  milesight('milesight-vs133', [
    LONG_VERSION,
    ...[1, 2, 3, 4].flatMap(crossing),
    { id: 0x0fe3, fields: [1, 2, 3, 4].map((n) => ({ key: `peopleInside.region${n}`, type: 'u8' })) },
    { id: 0x10e4, fields: skip(5) }, // how long they stayed
  ]),
  milesight('milesight-vs330', [
    { id: 0x0282, fields: [{ key: 'distance', type: 'u16' }] },
    { id: 0x038e, fields: [occupied] },
    { id: 0x048e, fields: skip(1) }, // whether it could be calibrated
  ]),
  milesight('milesight-vs350', [
    { id: 0x0367, fields: [temperature] },
    { id: 0x04cc, fields: PEOPLE_IN_ALL },
    { id: 0x05cc, fields: peopleInPeriod },
    { id: 0x0aef, fields: skip(4) }, // its clock
    { id: 0x8367, fields: [temperature, ...skip(1)] },
    // Sent in between, when a limit is passed: the report at the end of the period has these people too.
    { id: 0x84cc, fields: skip(5) },
    { id: 0x85cc, fields: skip(5) },
    PEOPLE_HISTORY,
  ]),
  milesight('milesight-wts506', [
    { id: 0x0367, fields: [temperature] },
    { id: 0x0468, fields: [humidity] },
    { id: 0x0584, fields: [windDirection] },
    { id: 0x0673, fields: [airPressure] },
    { id: 0x0792, fields: [windSpeed] },
    { id: 0x0877, fields: [rain, ...skip(1)] },
    { id: 0x08ec, fields: [rainLong, ...skip(1)] },
    { id: 0x8367, fields: [temperature, ...skip(1)] },
    { id: 0x8673, fields: [airPressure, ...skip(1)] },
    { id: 0x8792, fields: [windSpeed, ...skip(1)] },
    { id: 0x88ec, fields: [rainLong, ...skip(2)] },
    {
      id: 0x20ce,
      history: true,
      fields: [temperature, humidity, airPressure, windDirection, windSpeed, rain],
    },
    {
      id: 0x21ce,
      history: true,
      fields: [temperature, humidity, airPressure, windDirection, windSpeed, rainLong],
    },
  ]),
];
