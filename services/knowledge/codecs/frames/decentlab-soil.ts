/** Tables of Decentlab's sensors of soil (user guides, "Data format"). */
import type { FrameCodec } from '../frame-codec.ts';
import { BATTERY, centred, type DecentlabValue, decentlab, plain } from './decentlab.ts';

/** Of METER's TEROS 11 and 12 in mineral soil, percent by volume: 3.879e-4·raw − 0.6956, raw in tenths (their manual). */
const terosMoisture: DecentlabValue = {
  key: 'soilMoistureVwc',
  value: (x) => (x[0]! * 3.879e-5 - 0.6956) * 100,
};

/** Of METER's 5TM: Topp's equation (Topp, Davis, Annan 1980) on the permittivity, in fiftieths. */
const toppMoisture: DecentlabValue = {
  key: 'soilMoistureVwc',
  value(x) {
    const e = x[0]! / 50;
    return (4.3e-6 * e ** 3 - 5.5e-4 * e ** 2 + 2.92e-2 * e - 5.3e-2) * 100;
  },
};

/** Two words a depth, from the top: moisture in a scale of the probe's own, and temperature. Zero: it is not that long. */
const profile: DecentlabValue[] = Array.from({ length: 8 }, (_, i): DecentlabValue[] => [
  { key: `soilTemperature.depth${i}`, value: (x) => (x[2 * i + 1] === 0 ? undefined : (x[2 * i + 1]! - 32_768) / 100) },
  { key: `soilMoistureScaled.depth${i}`, value: (x) => (x[2 * i + 1] === 0 ? undefined : (x[2 * i]! - 2500) / 500) },
]).flat();

export const decentlabSoil: readonly FrameCodec[] = [
  decentlab('decentlab-dl-trs11', [{ words: 2, values: [terosMoisture, centred('soilTemperature', 1, 10)] }, BATTERY]),
  decentlab('decentlab-dl-trs12', [
    { words: 3, values: [terosMoisture, centred('soilTemperature', 1, 10), plain('soilConductivity', 2)] },
    BATTERY,
  ]),
  // Suction is positive here, and the word has it positive too.
  decentlab('decentlab-dl-trs21', [
    { words: 2, values: [plain('soilMoisturePressure', 0, 10), centred('soilTemperature', 1, 10)] },
    BATTERY,
  ]),
  decentlab('decentlab-dl-5tm', [
    { words: 2, values: [toppMoisture, { key: 'soilTemperature', value: (x) => (x[1]! - 400) / 10 }] },
    BATTERY,
  ]),
  decentlab('decentlab-dl-smtp', [{ words: 16, values: profile }, BATTERY]),
];
