/** Servers and stores that end at any moment, come back, or are not the ones that belong together. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Unavailable } from '../../../model/errors.ts';
import type { SeriesStore } from '../../../model/series.ts';
import { batchOf, InfluxWorld, valuesOf } from './testing/influx-world.ts';

let world: InfluxWorld;
beforeAll(async () => {
  world = await InfluxWorld.start();
});
afterAll(() => world.stop());
afterEach(() => world.clear());

/** As the stage does it: the same batch until it is stored. */
async function writeUntilStored(store: SeriesStore, seq: number, count: number): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      await store.write(batchOf(seq, count), { seq, offset: (seq - 1) * count });
      return tries;
    } catch (error) {
      if (!(error instanceof Unavailable) || tries > 50) throw error;
    }
  }
}

describe('the server', () => {
  it('is killed during a batch and started again: nothing lost, nothing twice', async () => {
    const house = await world.house();
    const store = await house.open();
    const COUNT = 20_000;
    await writeUntilStored(store, 2, COUNT);
    for (const [seq, ms] of [
      [3, 5],
      [4, 60],
      [5, 150],
    ] as const) {
      const writing = writeUntilStored(store, seq, COUNT);
      await new Promise((resolve) => setTimeout(resolve, ms)); // somewhere within the batch
      await world.server.kill();
      await world.server.restart();
      await writing;
    }
    expect(await valuesOf(store)).toHaveLength(4 * COUNT);
    expect((await store.counts()).byOwner.aarhus).toMatchObject({
      stored: 4 * COUNT,
      readings: 4 * COUNT,
      duplicates: 0,
    });
  });

  it('is away when the platform starts: questions are told to come again, and it goes on when the server is there', async () => {
    const house = await world.house();
    await world.faults.inject({ kind: 'refuse' });
    const store = await house.open();
    expect(house.alerts.has('series-server')).toBe(true);
    expect(await store.position()).toEqual({ seq: 1, offset: 0 });
    expect(await store.latest()).toEqual([]);
    await expect(valuesOf(store)).rejects.toThrow(Unavailable);
    await expect(store.write(batchOf(2, 10), { seq: 2, offset: 10 })).rejects.toThrow(Unavailable);
    await expect(store.maintain(Date.now())).rejects.toThrow(Unavailable);
    await world.faults.heal();
    await store.write(batchOf(2, 10), { seq: 2, offset: 10 });
    expect(await valuesOf(store)).toHaveLength(10);
    expect(house.alerts.size).toBe(0);
  });
});

describe('journal and bucket belong together', () => {
  it('refuses an old journal at a bucket that has nothing of it', async () => {
    const house = await world.house();
    const store = await house.open();
    await store.write(batchOf(2, 10), { seq: 2, offset: 10 });
    await store.close();
    const elsewhere = { ...house.address, bucket: `${house.address.bucket}-other` };
    await expect(house.open({ address: elsewhere })).rejects.toThrow(/has nothing of what this installation stored/);
    expect(await valuesOf(await house.open())).toHaveLength(10);
  });

  it('refuses a new journal at the bucket of another', async () => {
    const house = await world.house();
    await (await house.open()).close();
    const other = await world.house();
    const refusal = other.open({ address: house.address });
    await expect(refusal).rejects.toThrow(/holds the readings of another installation/);
    await expect(refusal).rejects.not.toThrow(/\n/);
  });

  it('waits when that is found only after the start', async () => {
    const house = await world.house();
    await (await house.open()).close();
    const other = await world.house();
    await world.faults.inject({ kind: 'refuse' });
    const store = await other.open({ address: house.address });
    await world.faults.heal();
    await expect(store.write(batchOf(2, 10), { seq: 2, offset: 10 })).rejects.toThrow(Unavailable);
    expect(other.alerts.get('series-server')).toMatch(/another installation/);
    expect(await store.position()).toEqual({ seq: 1, offset: 0 });
  });
});
