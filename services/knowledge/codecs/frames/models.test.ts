/** Every built-in model that speaks frames: its examples come out in our quantities and units, and nothing makes its codec fail. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceModel, ModelExample } from '../../../model/catalogue.ts';
import { Rejected } from '../../../model/errors.ts';
import { parseTime } from '../../../model/time.ts';
import { catalogue } from '../../catalogue/catalogue.ts';
import { frameCodec } from '../frames.ts';
import { modelReadings, RECEIVED, rounded } from './testing/model-readings.ts';

const models = catalogue.deviceModels.filter((m) => m.format === 'frame');

function run(model: DeviceModel, { bytesHex, fPort, recvTime }: ModelExample) {
  return modelReadings(model, { bytesHex, fPort, recvTime: parseTime(recvTime ?? '') ?? RECEIVED });
}

/** Decodes and gives the Rejected it threw, if any; anything else that is thrown is a bug. */
function rejected(model: DeviceModel, bytes: Uint8Array, fPort: number): Rejected | undefined {
  try {
    modelReadings(model, { bytesHex: Buffer.from(bytes).toString('hex'), fPort });
    return undefined;
  } catch (error) {
    if (error instanceof Rejected) return error;
    throw error;
  }
}

describe.each(models.map((m) => [m.id, m] as const))('device model %s', (_, model) => {
  const examples = model.examples ?? [];

  it('has a codec and at least two examples', () => {
    expect(frameCodec(model.codec ?? '')?.name).toBe(model.codec);
    expect(examples.length).toBeGreaterThanOrEqual(2);
  });

  it.each(examples.map((e) => [e.description, e] as const))('%s', (_, example) => {
    const { readings, bad } = run(model, example);
    expect(bad).toEqual([]);
    expect(rounded(readings)).toEqual(rounded(example.expected));
    for (const values of Object.values(readings)) {
      for (const [name, value] of Object.entries(values)) {
        const { range, states } = catalogue.quantity(name)!; // modelReadings keeps only those of the catalogue
        if (states) expect(states.map((s) => s.name)).toContain(value);
        else if (range) {
          // A wrong unit shows itself here.
          expect(Number(value), name).toBeGreaterThanOrEqual(range[0]);
          expect(Number(value), name).toBeLessThanOrEqual(range[1]);
        }
      }
    }
  });

  it('its examples show every quantity that it promises, and every key that it maps', () => {
    const runs = examples.map((e) => run(model, e));
    const quantities = runs.flatMap((r) => Object.values(r.readings).flatMap((values) => Object.keys(values)));
    const keys = runs.flatMap((r) => Object.keys(r.keys));
    for (const name of model.quantities ?? []) expect(quantities).toContain(name);
    for (const key of Object.keys(model.mapping ?? {})) expect(keys).toContain(key);
  });

  it('a frame cut short, or with bytes changed, is read or rejected and nothing else', () => {
    for (const { bytesHex, fPort } of examples) {
      const bytes = Buffer.from(bytesHex, 'hex');
      for (let end = 0; end < bytes.length; end++) {
        const reason = rejected(model, bytes.subarray(0, end), fPort)?.code ?? 'codec-failed';
        expect(reason).toBe('codec-failed');
      }
    }
    const changed = fc.record({
      example: fc.constantFrom(...examples),
      changes: fc.array(fc.tuple(fc.nat(255), fc.nat(255)), { maxLength: 4 }),
      fPort: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(changed, ({ example, changes, fPort }) => {
        const bytes = Buffer.from(example.bytesHex, 'hex');
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        for (const port of [example.fPort, fPort])
          expect(rejected(model, bytes, port)?.code ?? 'codec-failed').toBe('codec-failed');
      }),
      { numRuns: 60 },
    );
  });

  it('random bytes are read or rejected and nothing else', () => {
    const port = examples[0]?.fPort ?? 1;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 255 }), fc.integer({ min: 0, max: 255 }), (bytes, other) => {
        for (const fPort of [port, other])
          expect(rejected(model, bytes, fPort)?.code ?? 'codec-failed').toBe('codec-failed');
      }),
      { numRuns: 100 },
    );
  });
});

it('no codec has the name of another or of a script', () => {
  expect(frameCodec('script:milesight')).toBeUndefined();
  expect(frameCodec('__proto__')).toBeUndefined();
});
