/** Tables of Decentlab's sensors of levels and rain (user guides, "Data format"). */
import type { FrameCodec } from '../frame-codec.ts';
import { BATTERY, centred, type DecentlabGroup, type DecentlabValue, decentlab, plain } from './decentlab.ts';

/**
 * A pressure cell of Keller's whose range is that of the one device, in bar: 16384 counts are the lower end, 49152 the upper.
 * A device with another range than the usual one has the tags `pressureMin` and `pressureMax`.
 */
function pressureCell(lower: number, upper: number): DecentlabGroup {
  const pressure: DecentlabValue = {
    key: 'pressure',
    value(x, setting) {
      const min = setting('pressureMin', lower);
      return ((x[0]! - 16_384) / 32_768) * (setting('pressureMax', upper) - min) + min; // two words
    },
  };
  return { words: 2, values: [pressure, { key: 'temperature', value: (x) => (x[1]! - 384) * 0.003125 - 50 }] }; // as above
}

/** Of the 36 series: counts a bar, for a cell of 3 bar unless the tag `pressureCountsPerBar` says otherwise. */
const pressure36: DecentlabValue = {
  key: 'pressure',
  value: (x, setting) => (x[0]! - 32_768) / setting('pressureCountsPerBar', 8192), // two words or four
};

/** Nothing came back where no sample was valid: the distance is none then. */
const ultrasonic: DecentlabGroup = {
  words: 2,
  values: [
    { key: 'distance', value: ([distance, samples]) => (samples === 0 ? undefined : distance) },
    plain('validSamples', 1),
  ],
};

export const decentlabLevel: readonly FrameCodec[] = [
  decentlab('decentlab-dl-mbx', [ultrasonic, BATTERY]),
  // Laser: the mean of the samples; the percentiles beside it are passed over.
  decentlab('decentlab-dl-lid', [{ words: 11, values: [plain('distance', 0), plain('samples', 9)] }, BATTERY]),
  decentlab('decentlab-dl-pr21', [pressureCell(-1, 10), BATTERY]),
  decentlab('decentlab-dl-pr26', [pressureCell(0, 1), BATTERY]),
  decentlab('decentlab-dl-pr36', [{ words: 2, values: [pressure36, centred('temperature', 1, 256)] }, BATTERY]),
  decentlab('decentlab-dl-pr36ctd', [
    {
      words: 4,
      values: [
        pressure36,
        centred('temperature', 2, 256),
        // Of the electronics, above the water.
        centred('electronicsTemperature', 1, 256),
        centred('conductivity', 3, 1024),
      ],
    },
    BATTERY,
  ]),
  decentlab('decentlab-dl-ctd10', [
    {
      words: 4,
      values: [
        centred('waterDepth', 0, 1000),
        centred('temperature', 1, 10),
        plain('conductivity', 2),
        centred('frozen', 3, 1),
      ],
    },
    BATTERY,
  ]),
  decentlab('decentlab-dl-tbrg', [
    {
      words: 4,
      values: [
        plain('precipitation', 0, 10),
        // Seconds, and tenths of a millimetre since it was started in two words, the lower first.
        plain('precipitationInterval', 1),
        { key: 'precipitationTotal', value: (x) => (x[2]! + x[3]! * 65_536) / 10 }, // four words
      ],
    },
    BATTERY,
  ]),
];
