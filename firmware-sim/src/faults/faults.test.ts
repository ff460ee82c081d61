import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from '../step.ts';
import { createRng } from '../world/rng.ts';
import { clockSkew } from './clock-skew.ts';
import { duplicates } from './duplicates.ts';
import { compose, type Fault } from './fault.ts';
import { garbage } from './garbage.ts';
import { parseFault } from './parse-fault.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { reordering } from './reordering.ts';
import { silence } from './silence.ts';

const MINUTE = 60_000;

function steps(n: number): Step[] {
  return Array.from({ length: n }, (_, i) => ({
    kind: 'publish',
    at: i * MINUTE,
    payload: JSON.stringify({ time: new Date(i * MINUTE).toISOString(), startCount: i }),
  }));
}

const payloads = (list: Iterable<Step>): string[] =>
  [...list].flatMap((s) => (s.kind === 'publish' && typeof s.payload === 'string' ? [s.payload] : []));
const run = (fault: Fault, list: Step[], seed: string): Step[] => [...fault(list, createRng(seed))];
const inOrder = (list: Step[]): boolean => list.every((s, i) => i === 0 || s.at >= list[i - 1]!.at);

const anyRun = [fc.integer({ min: 0, max: 120 }), fc.string(), fc.double({ min: 0, max: 1, noNaN: true })] as const;

describe('faults', () => {
  it('reordering keeps every message once, and time never goes backwards', () => {
    fc.assert(
      fc.property(...anyRun, fc.integer({ min: 1, max: 8 }), (n, seed, probability, depth) => {
        const bent = run(reordering({ probability, depth }), steps(n), seed);
        expect(payloads(bent).sort()).toEqual(payloads(steps(n)).sort());
        expect(inOrder(bent)).toBe(true);
      }),
    );
    expect(payloads(run(reordering({ probability: 0.5 }), steps(50), 'x'))).not.toEqual(payloads(steps(50)));
  });

  it('duplicates keep every message, in order, once or twice', () => {
    fc.assert(
      fc.property(...anyRun, (n, seed, probability) => {
        const bent = payloads(run(duplicates({ probability }), steps(n), seed));
        expect(bent.filter((p, i) => p !== bent[i - 1])).toEqual(payloads(steps(n)));
        expect(bent.length).toBeLessThanOrEqual(2 * n);
      }),
    );
    expect(run(duplicates({ probability: 1 }), steps(7), 'x')).toHaveLength(14);
  });

  it('silence only takes away', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.string(), (n, seed) => {
        const bent = run(silence({ every: 30 * MINUTE, length: 10 * MINUTE }), steps(n), seed);
        const left = new Set(payloads(bent));
        expect(payloads(steps(n)).filter((p) => left.has(p))).toEqual(payloads(bent));
      }),
    );
    const left = run(silence({ every: 30 * MINUTE, length: 10 * MINUTE }), steps(4000), 'x').length / 4000;
    expect(left).toBeGreaterThan(0.65);
    expect(left).toBeLessThan(0.85);
  });

  it('garbage comes beside the proper messages, never instead of them', () => {
    fc.assert(
      fc.property(...anyRun, (n, seed, probability) => {
        const good = new Set(payloads(steps(n)));
        expect(payloads(run(garbage({ probability }), steps(n), seed)).filter((p) => good.has(p))).toEqual([...good]);
      }),
    );
  });

  it('a wrong clock moves the time in the payload and nothing else', () => {
    const [first, , third] = run(clockSkew({ offset: 3_600_000, driftPerDay: 1440 * 1000 }), steps(3), 'x');
    expect(first).toEqual({ kind: 'publish', at: 0, payload: '{"time":"1970-01-01T01:00:00.000Z","startCount":0}' });
    expect(third).toMatchObject({ at: 2 * MINUTE, payload: '{"time":"1970-01-01T01:02:02.000Z","startCount":2}' });
    const raw: Step[] = [{ kind: 'publish', at: 0, payload: 'not json' }];
    expect(run(clockSkew({ offset: 1 }), raw, 'x')).toEqual(raw);
  });

  it('a storm cuts every device at the same instants', () => {
    const storms = (list: Step[]): number[] => list.filter((s) => s.kind === 'reconnect').map((s) => s.at);
    const storm = reconnectStorm({ every: 10 * MINUTE });
    const a = run(storm, steps(35).slice(3), 'a');
    const b = run(storm, steps(35).slice(7), 'b');
    expect(storms(a)).toEqual([10, 20, 30].map((m) => m * MINUTE));
    expect(storms(b)).toEqual(storms(a));
    expect(payloads(a)).toEqual(payloads(steps(35).slice(3)));
  });

  it('stand in a row, are lazy, and are the same for the same seed', () => {
    const all = compose([
      duplicates({ probability: 0.3 }),
      reordering({ probability: 0.3 }),
      garbage({ probability: 0.2 }),
    ]);
    expect(run(all, steps(100), 's')).toEqual(run(all, steps(100), 's'));
    let taken = 0;
    function* endless(): Generator<Step> {
      for (;;) yield { kind: 'publish', at: taken++, payload: '{}' };
    }
    const some = all(endless(), createRng('s'))[Symbol.iterator]();
    for (let i = 0; i < 10; i++) some.next();
    expect(taken).toBeLessThan(20);
  });

  it('are read from the command line, with reasons when they cannot be', () => {
    expect(run(parseFault('duplicates=1'), steps(2), 'x')).toHaveLength(4);
    expect(() => parseFault('gremlins=1')).toThrow('there is no such fault; there are silence, duplicates');
    expect(() => parseFault('garbage')).toThrow('write garbage=NUMBER');
    expect(() => parseFault('garbage=2')).toThrow('a share lies from 0 to 1');
    expect(() => parseFault('storm=0')).toThrow('above 0');
    expect(() => parseFault('constructor=1')).toThrow('no such fault');
  });
});
