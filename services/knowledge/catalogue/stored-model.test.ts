import { describe, expect, it } from 'vitest';
import type { DeviceModelBody } from '../../model/device-model.ts';
import { Rejected } from '../../model/errors.ts';
import type { FrameCodec } from '../codecs/frame-codec.ts';
import { catalogue } from './catalogue.ts';
import { checkStoredModel, runExamples } from './stored-model.ts';

/** One byte a value: tenths of a degree above -10, and a record an hour old where there is a second byte. */
const codec: FrameCodec = {
  name: 'test',
  decode({ bytes, recvTime }, sink) {
    if (bytes.length === 0) throw new Rejected('codec-failed', 'the frame is empty');
    sink.record(undefined);
    sink.value('temp', (bytes[0] ?? 0) - 100);
    sink.value('door', bytes[0] === 100 ? 'open' : 'closed');
    sink.value('nothing we know', 1);
    if (bytes.length === 1) return;
    sink.record(recvTime - 3_600_000);
    sink.value('temp', (bytes[1] ?? 0) - 100);
  },
};

const model = (more: Partial<DeviceModelBody>): DeviceModelBody => ({
  owner: 'egeby',
  vendor: 'Fabrik',
  product: 'Føler',
  format: 'frame',
  codec: 'test',
  mapping: { temp: { quantity: 'temperature', factor: 0.1 }, door: { quantity: 'doorState' } },
  ...more,
});
const check = (more: Partial<DeviceModelBody>) =>
  checkStoredModel(model(more), { catalogue, codecExists: (name) => name === 'test' }).map((f) => f.pointer);

describe('a model an operator wrote', () => {
  it('is right when everything it names exists', () => expect(check({})).toEqual([]));

  it.each<[string, Partial<DeviceModelBody>, string]>([
    ['a codec that is not there', { codec: 'other' }, '/codec'],
    ['a codec for JSON', { format: 'json' }, '/codec'],
    ['an unknown quantity', { mapping: { 'a/b': { quantity: 'warmth' } } }, '/mapping/a~1b/quantity'],
    ['a factor of 0', { mapping: { a: { quantity: 'temperature', factor: 0 } } }, '/mapping/a/factor'],
    [
      'an endless offset',
      { mapping: { a: { quantity: 'temperature', offset: Number.POSITIVE_INFINITY } } },
      '/mapping/a/offset',
    ],
    ['a factor for a state', { mapping: { a: { quantity: 'doorState', factor: 2 } } }, '/mapping/a'],
    ['an unknown quantity it always sends', { quantities: ['temperature', 'warmth'] }, '/quantities/1'],
    [
      'a time without a zone',
      { examples: [example('64', { recvTime: '2026-01-01T00:00:00' })] },
      '/examples/0/recvTime',
    ],
  ])('refuses %s', (_, more, pointer) => expect(check(more)).toEqual([pointer]));

  it('refuses examples without a codec', () => {
    const { codec: _, ...without } = model({ examples: [example('64')] });
    expect(checkStoredModel(without, { catalogue, codecExists: () => true })).toMatchObject([{ pointer: '/examples' }]);
  });
});

function example(bytesHex: string, more: object = {}) {
  return { description: 'x', fPort: 1, bytesHex, expected: { now: { temperature: 0, doorState: 'open' } }, ...more };
}
const run = (...examples: ReturnType<typeof example>[]) => runExamples(model({ examples }), codec, catalogue);

describe('its examples', () => {
  it('come out in our units, states by their names, history by its time', () => {
    const history = {
      recvTime: '2026-03-01T12:00:00+01:00',
      expected: { now: { temperature: 0, doorState: 'open' }, '2026-03-01T11:00:00+01:00': { temperature: -0.3 } },
    };
    expect(run(example('64'), example('6461', history))).toEqual([]);
  });

  it('say what is missing, what is wrong and what is too much', () => {
    const expected = { now: { temperature: 0.2, relativeHumidity: 5 } };
    expect(run(example('64'), example('65', { expected }))).toEqual([
      { pointer: '/examples/1/expected/now/temperature', detail: '0.1, not 0.2' },
      { pointer: '/examples/1/expected/now/relativeHumidity', detail: 'nothing, not 5' },
      { pointer: '/examples/1/expected/now/doorState', detail: 'closed, not nothing' },
    ]);
  });

  it('say when the frame cannot be read', () => {
    expect(run(example(''))).toEqual([{ pointer: '/examples/0/bytesHex', detail: 'the frame is empty' }]);
  });
});
