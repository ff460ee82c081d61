import { describe, expect, test } from 'vitest';
import { OwnTimes } from './own-times.ts';

describe('semantics: Identity (a payload without time is a new measurement each time)', () => {
  test('messages of one millisecond get a millisecond each, also across a restart in between', () => {
    const before = new OwnTimes();
    expect([before.next('a', 1000, 0), before.next('a', 1000, 0), before.next('b', 1000, 0)]).toEqual([
      1000, 1001, 1000,
    ]);
    const state = new Map<string, Uint8Array | undefined>();
    before.changes(state, 1000);
    const after = new OwnTimes();
    after.restore(state as Map<string, Uint8Array>);
    expect([after.next('a', 1000, 1000), after.next('a', 1005, 1000)]).toEqual([1002, 1005]);
  });

  test('what cannot collide any more is forgotten', () => {
    const times = new OwnTimes();
    times.next('a', 1000, 0);
    const state = new Map<string, Uint8Array | undefined>();
    times.changes(state, 2000);
    expect(state.get('own-times')).toBeUndefined();
  });

  test('a replayed message keeps the time of its receipt', () => {
    const times = new OwnTimes();
    times.next('a', 5000, 4000);
    expect(times.next('a', 1000, 5000)).toBe(1000);
  });
});
