/** Mappings that misbehave: each ends in time with a reason, and the next one works. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Mapper } from './mapper.ts';

let mapper: Mapper;
beforeEach(() => {
  mapper = new Mapper({ evaluationMs: 1000, answerMs: 2500 });
});
afterEach(() => mapper.close());

const map = async (records: string, input: unknown = {}): Promise<unknown> =>
  (await mapper.map({ expressions: { records }, input: JSON.stringify(input), bindings: { topic: { device: 'd' } } }))
    .records;

describe('a mapping', () => {
  it('gives what the expression says, and nothing for nothing', async () => {
    const input = { items: [{ id: 1, t: '2026-11-23T12:00:00Z' }] };
    expect(await map('items.{"device": "bin-" & id, "time": $toMillis(t)}', input)).toEqual({
      device: 'bin-1',
      time: Date.parse('2026-11-23T12:00:00Z'),
    });
    expect(await map('nothing.here')).toBeUndefined();
    expect(await map('$topic.device')).toBe('d');
  });

  it('gives several results of one message', async () => {
    const question = { expressions: { records: 'a', next: 'b', none: 'c' }, input: '{"a":1,"b":"x"}', bindings: {} };
    expect(await mapper.map(question)).toEqual({ records: 1, next: 'x', none: undefined });
  });

  it('reaches nothing outside its input', async () => {
    for (const attempt of [
      '$.constructor.constructor("return process")()',
      '"".constructor',
      '$string.constructor',
      '$lookup($, "__proto__")',
      '$merge([{"__proto__": {"polluted": 1}}]).polluted',
      '$eval("process")',
      '(function(){1}).constructor',
    ])
      expect(await map(attempt).catch(() => undefined), attempt).toBeUndefined();
    expect(await map('polluted')).toBeUndefined();
  });
});

describe('a mapping that fails', () => {
  it.each([
    ['input that is no JSON', 'a', '{', 'JSON'],
    ['an error of its own', '1 + "a"', '{}', 'T2002'],
    ['recursion', '($f := function($x){ 1 + $f($x) }; $f(1))', '{}', 'D1011'],
    ['an endless loop', '($f := function($x){ $f($x) }; $f(1))', '{}', 'D1012'],
    ['a list without end', '[1..9000000]', '{}', 'D2015'],
    ['an endless output', '$pad("a", 6000000)', '{}', 'characters'],
  ])('%s', async (_name, records, input, said) => {
    const failed = mapper.map({ expressions: { records }, input, bindings: {} });
    await expect(failed).rejects.toMatchObject({ name: 'Rejected', code: 'mapping-failed' });
    await expect(failed).rejects.toThrow(said);
    expect(await map('1 + 1')).toBe(2);
  });

  it('by a regular expression that never ends is ended from outside, and set aside', async () => {
    const runaway = '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", /(a+)+$/)';
    await map('1');
    const began = performance.now();
    const others = map(runaway);
    const behind = map('1 + 1');
    await expect(others).rejects.toThrow('ran too long');
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(await behind).toBe(2);
    await expect(map(runaway)).rejects.toThrow('set aside');
    expect(await map('2 + 2')).toBe(4);
  });

  it('by its memory is ended, and the process lives', async () => {
    // With time to spare: on a busy machine the clock would stop it first.
    const patient = new Mapper({ evaluationMs: 15_000, answerMs: 16_000 });
    const hungry = { records: '($a := [1..90000]; $map($a, function($i){ $reverse($a) }))' };
    await expect(patient.map({ expressions: hungry, input: '{}', bindings: {} })).rejects.toThrow('memory');
    expect(await patient.map({ expressions: { sum: '1 + 1' }, input: '{}', bindings: {} })).toEqual({ sum: 2 });
    await patient.close();
  });

  it('by too long an input is refused before it is read', async () => {
    await expect(map('1', 'x'.repeat(5 * 1024 * 1024))).rejects.toThrow('characters');
  });
});

describe('when too much waits', () => {
  it('says so at once, and says so of all when it stops', async () => {
    const slow = '($f := function($x){ $f($x) }; $f(1))';
    const waiting = Array.from({ length: 501 }, () => map(slow));
    const told = Promise.allSettled(waiting);
    await expect(map('1')).rejects.toMatchObject({ name: 'Unavailable' });
    await mapper.close();
    const outcomes = await told;
    expect(outcomes.every((o) => o.status === 'rejected' && o.reason.name === 'Unavailable')).toBe(true);
  });
});
