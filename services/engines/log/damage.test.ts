import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { append, block, commitOf, type House, handled, openHouse, seqs, tempDir, upTo } from './testing/house.ts';

let temp: ReturnType<typeof tempDir>;
let houses: House[];
beforeEach(() => {
  temp = tempDir();
  houses = [];
});
afterEach(async () => {
  for (const house of houses) await house.abandon();
  temp.remove();
});

async function open(generationBytes = 1e9): Promise<House> {
  const house = await openHouse(temp.dir, { generationBytes });
  houses.push(house);
  return house;
}

/** As after a crash: 200 blocks of uplinks with bodies of their own, a position, some state. */
async function written(generationBytes = 1e9): Promise<void> {
  const house = await openHouse(temp.dir, { generationBytes });
  const blocks = upTo(200).map((i) => ({ ...block('uplinks', i, 2), body: Buffer.from(`body ${i} `.repeat(60)) }));
  while (blocks.length > 0) await house.log.commit(commitOf({ outputs: blocks.splice(0, 10) }));
  await house.log.commit(commitOf({ stage: 'decode', state: new Map([['k', Buffer.from('v')]]) }));
  await handled(house.log, 'decode', 'uplinks', { seq: 100, offset: 198 });
  await house.abandon();
}

function data(generation: number): string {
  return join(temp.dir, `g-0000000${generation}`, 'data.mdb');
}

/** Every copy of the text, also those on pages no longer in use. */
function spoil(file: string, text: string): void {
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) bytes.writeUInt8(bytes[at]! ^ 4, at);
  writeFileSync(file, bytes);
}

// Each of these starts processes, which a busy machine takes its time for.
describe('a damaged generation', { timeout: 60_000 }, () => {
  test('a flipped bit in a block costs that block; the rest is kept, and somebody is told', async () => {
    await written();
    spoil(data(1), 'body 150 ');
    const house = await open();
    expect(house.damage).toHaveLength(1);
    expect(house.damage[0]?.detail).toContain('wrong checksum');
    expect((await house.log.stats()).damaged).toEqual([house.damage[0]?.name]);
    expect(await seqs(house.log, 'uplinks')).toEqual(upTo(200).filter((seq) => seq !== 150));
    expect(await house.log.position('decode', 0, 'uplinks')).toEqual({ seq: 100, offset: 198 });
    expect(await house.log.end('uplinks')).toEqual({ seq: 201, offset: 400 });
  });

  test('offsets of a lost last block are never given out again', async () => {
    await written();
    spoil(data(1), 'body 200 ');
    const house = await open();
    const end = await house.log.end('uplinks');
    expect(end.seq).toBe(201);
    expect(end.offset).toBeGreaterThanOrEqual(400);
    const [offset] = await house.log.commit(commitOf({ outputs: [block('uplinks', 1000)] }));
    expect(offset).toBe(end.offset);
    expect((await seqs(house.log, 'uplinks')).slice(-2)).toEqual([199, 201]);
  });

  test.each([0.3, 0.9])('a file cut off at %f of its length is salvaged as far as it goes', async (part) => {
    await written();
    const size = statSync(data(1)).size;
    truncateSync(data(1), Math.floor((size * part) / 4096) * 4096);
    const house = await open();
    expect(house.damage).toHaveLength(1);
    const found = await seqs(house.log, 'uplinks');
    expect(new Set(found).size).toBe(found.length);
    const end = await house.log.end('uplinks');
    expect(end.offset).toBeGreaterThanOrEqual(400);
    expect(await house.log.commit(commitOf({ outputs: [block('uplinks', 1000)] }))).toEqual([end.offset]);
  });

  test('a file that is no database at all is set aside whole, and the log goes on', async () => {
    await written();
    writeFileSync(data(1), Buffer.alloc(statSync(data(1)).size, 0x5a));
    const house = await open();
    expect(house.damage).toHaveLength(1);
    expect(await seqs(house.log, 'uplinks')).toEqual([]);
    const [offset] = await house.log.commit(commitOf({ outputs: [block('uplinks', 1000)] }));
    expect(offset).toBeGreaterThanOrEqual(400);
  });

  test('an older generation is examined before it is first read', async () => {
    await written(100_000);
    const generations = readdirSync(temp.dir).filter((name) => /^g-\d+$/.test(name)).length;
    expect(generations).toBeGreaterThan(1);
    spoil(data(1), `body ${/body (\d+) /.exec(readFileSync(data(1), 'latin1'))?.[1]} `);
    const house = await open(100_000);
    expect(house.damage).toEqual([]);
    const reading = seqs(house.log, 'uplinks');
    await house.housekeeper.work();
    expect((await reading).length).toBe(199);
    expect(house.damage).toHaveLength(1);
  });

  test('after a stop in order nothing is examined, and a block that is damaged later is skipped and reported', async () => {
    const house = await openHouse(temp.dir, { generationBytes: 1e9 });
    await append(house.log, 'uplinks', 3);
    await house.log.commit(commitOf({ outputs: [{ ...block('uplinks', 5000), body: Buffer.from('to be damaged') }] }));
    await append(house.log, 'uplinks', 3, 5000);
    await house.close();
    spoil(data(1), 'to be damaged');
    const again = await open();
    expect(again.damage).toEqual([]);
    expect(await seqs(again.log, 'uplinks')).toEqual([1, 2, 3, 5, 6, 7]);
    expect((await again.log.stats()).damaged).toEqual(['generation 1, uplinks 4']);
  });

  test('whatever bit flips, the next start serves what is left and gives out no offset twice', async () => {
    await written();
    const original = readFileSync(data(1));
    const lost: number[] = [];
    for (let i = 0; i < 5; i++) {
      // Always the same places, spread over the file.
      const at = Math.floor((original.byteLength * (i + 0.5)) / 5) + i * 37;
      const flipped = Buffer.from(original);
      flipped.writeUInt8(flipped[at]! ^ (1 << i), at);
      for (const name of readdirSync(temp.dir)) rmSync(join(temp.dir, name), { recursive: true });
      mkdirSync(join(temp.dir, 'g-00000001'));
      writeFileSync(data(1), flipped);
      const house = await open();
      lost.push(200 - (await seqs(house.log, 'uplinks')).length);
      const [offset] = await house.log.commit(commitOf({ outputs: [block('uplinks', 1000)] }));
      expect(offset).toBeGreaterThanOrEqual(400);
      await house.abandon();
    }
    // Most cost a block or nothing; the root page of the tree may cost all there is.
    expect(lost.toSorted((a, b) => a - b)[3]).toBeLessThanOrEqual(10);
  });
});
