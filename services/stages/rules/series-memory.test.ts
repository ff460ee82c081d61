/** What the memory of series saves with each batch brings it back as it was. */
import { describe, expect, it } from 'vitest';
import { SeriesMemory } from './series-memory.ts';

function commit(memory: SeriesMemory, state: Map<string, Uint8Array>): Map<string, Uint8Array | undefined> {
  const changes = new Map<string, Uint8Array | undefined>();
  memory.save(changes);
  for (const [key, value] of changes) {
    if (value) state.set(key, value);
    else state.delete(key);
  }
  return changes;
}

function reopened(state: Map<string, Uint8Array>): SeriesMemory {
  const memory = new SeriesMemory();
  memory.restore(state);
  return memory;
}

describe('series memory', () => {
  it('is the same after a restart, through journals and pages', () => {
    const memory = new SeriesMemory();
    const state = new Map<string, Uint8Array>();
    let folds = 0;
    for (let batch = 0; batch < 3000; batch++) {
      for (let i = 0; i < 3; i++) memory.set(memory.slot(`s${(batch * 7 + i * 131) % 700}`), batch + i / 4, -batch);
      if ([...commit(memory, state).keys()].some((key) => key.startsWith('p/'))) folds++;
      if (batch % 500 !== 3) continue;
      const other = reopened(state);
      for (const name of memory.names()) {
        const slot = memory.slot(name);
        expect(other.slot(name)).toBe(slot);
        expect([other.time[slot], other.value[slot]]).toEqual([memory.time[slot], memory.value[slot]]);
      }
    }
    expect(folds).toBeGreaterThan(1);
    expect([...state.keys()].filter((key) => key.startsWith('j/')).length).toBeLessThanOrEqual(1024);
  });

  it('goes on with the journal it finds', () => {
    const state = new Map<string, Uint8Array>();
    for (let time = 1; time <= 5; time++) {
      const memory = reopened(state);
      memory.set(memory.slot('a'), time, 0);
      commit(memory, state);
    }
    const memory = reopened(state);
    expect(memory.time[memory.slot('a')]).toBe(5);
    expect([...state.keys()].sort()).toEqual(['j/0', 'j/1', 'j/2', 'j/3', 'j/4', 'n/0']);
  });

  it('writes what a batch touched, once, and nothing when it touched nothing', () => {
    const memory = new SeriesMemory();
    const state = new Map<string, Uint8Array>();
    for (let i = 0; i < 1000; i++) memory.set(memory.slot(`s${i}`), 1, 1);
    commit(memory, state);
    for (let i = 0; i < 50; i++) memory.set(7, i, i);
    const changes = commit(memory, state);
    expect([...changes.values()].map((v) => v?.byteLength)).toEqual([20]);
    expect(commit(memory, state).size).toBe(0);
  });

  it('gives a freed slot to the next name, empty', () => {
    const memory = new SeriesMemory();
    const state = new Map<string, Uint8Array>();
    memory.set(memory.slot('gone'), 5, 5);
    memory.slot('stays');
    memory.free('gone');
    commit(memory, state);
    const other = reopened(state);
    expect(other.slot('new')).toBe(0);
    expect(other.time[0]).toBe(Number.NEGATIVE_INFINITY);
  });
});
