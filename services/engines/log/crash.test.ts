import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { append, openHouse, seqs, tempDir, upTo } from './testing/house.ts';

const WRITER = fileURLToPath(new URL('./testing/crash-writer.ts', import.meta.url));

let temp: ReturnType<typeof tempDir>;
beforeEach(() => {
  temp = tempDir();
});
afterEach(() => temp.remove());

/** Runs the writer until it has resolved `commits` commits, kills it, and gives the highest number it printed. */
async function killAfter(commits: number, generationBytes: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, temp.dir, String(generationBytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let highest = 0;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    highest = Math.max(highest, Number(line));
    if (++seen === commits) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return highest;
}

// Each of these starts processes, which a busy machine takes its time for.
describe('semantics: Exactly once', { timeout: 60_000 }, () => {
  test.each([
    { name: 'in one generation', generationBytes: 1e9 },
    { name: 'while generations turn over', generationBytes: 100_000 },
  ])(
    'killed in the middle: what was resolved is there, and no commit is there in part, $name',
    async ({ generationBytes }) => {
      for (const commits of [1, 60]) {
        const highest = await killAfter(commits, generationBytes);
        const house = await openHouse(temp.dir, { generationBytes: 1e9 });
        const { log } = house;
        expect(house.damage).toEqual([]);
        const end = await log.end('uplinks');
        expect(end.seq).toBeGreaterThan(highest);
        expect(await seqs(log, 'uplinks')).toEqual(upTo(end.seq - 1));
        // Outputs, position and state are of the same commit.
        expect(await log.end('readings')).toEqual({ seq: end.seq, offset: (end.seq - 1) * 2 });
        expect(await log.position('decode', 0, 'uplinks')).toEqual({ seq: end.seq, offset: end.offset });
        expect(Number((await log.state('decode', 0)).get('n'))).toBe(end.seq - 1);
        await house.abandon();
      }
    },
  );
});

test('what a crash left half made in the folder is swept', async () => {
  for (const name of ['draft-1', 'removed-3', 'mended-7']) mkdirSync(join(temp.dir, name), { recursive: true });
  const house = await openHouse(temp.dir);
  // A mended generation whose damaged one was already set aside takes its place.
  expect(readdirSync(temp.dir)).toEqual(['g-00000007']);
  await house.close();
});

test('a generation is written to after one crash at most; the log goes on in the next', async () => {
  const generations: number[] = [];
  for (let crash = 0; crash < 4; crash++) {
    const house = await openHouse(temp.dir, { generationBytes: 1e9 });
    await append(house.log, 'uplinks', 3, crash * 3);
    generations.push(house.log.generations.newest.number);
    await house.housekeeper.work();
    expect(await seqs(house.log, 'uplinks')).toEqual(upTo((crash + 1) * 3));
    await house.abandon();
  }
  expect(generations).toEqual([1, 1, 2, 2]);
}, 60_000);
