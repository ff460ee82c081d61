/** Tables of Decentlab's sensors of air, rooms, weather and roads (user guides, "Data format"). */
import type { FrameCodec } from '../frame-codec.ts';
import { BATTERY, centred, type DecentlabGroup, type DecentlabValue, decentlab, plain } from './decentlab.ts';

// The chips' own formulas; `x` has the words their groups ask for. Sensirion SHT2x: 175.72·x/2^16 − 46.85, 125·x/2^16 − 6.
const sht2x: DecentlabGroup = {
  words: 2,
  values: [
    { key: 'temperature', value: (x) => (175.72 * x[0]!) / 65_536 - 46.85 },
    { key: 'relativeHumidity', value: (x) => (125 * x[1]!) / 65_536 - 6 },
  ],
};

// Sensirion SHT3x: 175·x/(2^16 − 1) − 45, 100·x/(2^16 − 1).
const sht3x: DecentlabGroup = {
  words: 2,
  values: [
    { key: 'temperature', value: (x) => (175 * x[0]!) / 65_535 - 45 },
    { key: 'relativeHumidity', value: (x) => (100 * x[1]!) / 65_535 },
  ],
};

/** In steps of two pascals. */
const barometer: DecentlabGroup = { words: 1, values: [plain('atmosphericPressure', 0, 50)] };

/** From what two diodes saw, one with and one of infrared alone, by the formula in the guide of the DL-IAM. */
const illuminance: DecentlabValue = {
  key: 'illuminance',
  value: ([all, infrared]) => Math.max(all! - 1.64 * infrared!, 0.59 * all! - 0.86 * infrared!, 0) * 1.5504,
};

/** What a lens sees of the road below it; of both generations. */
const roadSurface = (airTemperature: string, airHumidity: string): DecentlabGroup => ({
  words: 6,
  values: [
    centred('roadSurfaceTemperature', 0, 100),
    centred(airTemperature, 1, 100),
    centred(airHumidity, 2, 100),
    centred('dewPoint', 3, 100),
    centred('mountingAngle', 4, 1),
    centred('sensorTemperature', 5, 100),
  ],
});

const wind = (first: number): DecentlabValue[] => [
  centred('windSpeed', first, 100),
  centred('windDirection', first + 1, 10),
  centred('gustSpeed', first + 2, 100),
  centred('temperature', first + 3, 10),
];

/** `pressure` is in kilopascals there, in hundredths; ours are hectopascals. */
const vapourAndPressure = (first: number): DecentlabValue[] => [
  centred('vapourPressure', first, 100),
  centred('atmosphericPressure', first + 1, 10),
  centred('relativeHumidity', first + 2, 10),
];

export const decentlabAir: readonly FrameCodec[] = [
  decentlab('decentlab-dl-iam', [
    BATTERY,
    sht3x,
    barometer,
    { words: 2, values: [illuminance] },
    // The status of the sensor and its raw reading follow.
    { words: 3, values: [centred('co2', 0, 1)] },
    { words: 1, values: [plain('activity', 0)] },
    { words: 1, values: [plain('tvoc', 0)] },
  ]),
  decentlab('decentlab-dl-lp8p', [
    sht2x,
    // The temperature of the barometer comes first.
    { words: 2, values: [plain('atmosphericPressure', 1, 50)] },
    // The mean of the last values, temperature, voltages, status and raw readings follow.
    { words: 8, values: [centred('co2', 0, 1)] },
    BATTERY,
  ]),
  decentlab('decentlab-dl-pm', [
    BATTERY,
    {
      // Mass of four sizes, the usual size, and number of five sizes; the numbers say what the masses were worked out from.
      words: 10,
      values: [plain('pm1', 0, 10), plain('pm25', 1, 10), plain('pm4', 2, 10), plain('pm10', 3, 10)],
    },
    sht2x,
    barometer,
  ]),
  decentlab('decentlab-dl-ds18', [{ words: 1, values: [centred('temperature', 0, 16)] }, BATTERY]),
  decentlab('decentlab-dl-sht35', [sht3x, BATTERY]),
  decentlab('decentlab-dl-rhc', [
    // The first two words are the serial number of the probe.
    { words: 4, values: [plain('relativeHumidity', 2, 100), centred('temperature', 3, 100)] },
    BATTERY,
  ]),
  decentlab('decentlab-dl-cws', [roadSurface('temperature', 'relativeHumidity'), BATTERY]),
  // The second generation has a probe in the shade besides: that one is the air.
  decentlab('decentlab-dl-cws2', [sht3x, roadSurface('lensAirTemperature', 'lensAirHumidity'), BATTERY]),
  decentlab('decentlab-dl-atm22', [
    { words: 8, values: [...wind(0), centred('tiltX', 4, 10), centred('tiltY', 5, 10)] },
    BATTERY,
  ]),
  decentlab('decentlab-dl-atm41', [
    {
      words: 17,
      values: [
        centred('solarRadiation', 0, 1),
        centred('precipitation', 1, 1000),
        centred('lightningCount', 2, 1),
        centred('lightningDistance', 3, 1),
        ...wind(4),
        ...vapourAndPressure(8),
        centred('tiltX', 12, 10),
        centred('tiltY', 13, 10),
      ],
    },
    BATTERY,
  ]),
  decentlab('decentlab-dl-atm41g2', [
    {
      words: 17,
      values: [
        centred('solarRadiation', 0, 10),
        plain('precipitation', 1, 1000),
        centred('lightningCount', 2, 1),
        centred('lightningDistance', 3, 1),
        ...wind(4),
        ...vapourAndPressure(8),
        centred('tiltX', 12, 10),
        centred('tiltY', 13, 10),
        { key: 'precipitationTotal', value: (x) => (x[15]! + x[16]! * 65_536) / 1000 },
      ],
    },
    BATTERY,
  ]),
];
