/**
 * A process of its own that reads a generation from end to end, because a bit that flipped on disk may make LMDB crash:
 * then only this process ends. Started by recovery.ts:
 *
 *   examine.ts check DIR                       reads everything
 *   examine.ts copy DIR TARGET forwards        copies what is sound into TARGET, oldest key first
 *   examine.ts copy DIR TARGET backwards       … newest key first, until it meets what is there already
 *
 * On standard output a line `bad KEY BYTES` for each record whose checksum does not fit, and when copying a line `at KEY`
 * for each step that is safe in TARGET; keys in hex. At the end `done`. No `done`: it did not get that far.
 */
import { writeSync } from 'node:fs';
import { open } from 'lmdb';
import { Corrupt, decodeBlock } from '../../model/block.ts';
import { unseal } from './envelope.ts';
import { isBlockKey } from './keys.ts';

const STEP_BYTES = 1024 * 1024;
const FIRST = Buffer.from([0]);
const LAST = Buffer.from([0xff]);
const settings = { encoding: 'binary', keyEncoding: 'binary', overlappingSync: false } as const;

const [mode, dir = '', target = '', direction] = process.argv.slice(2);
const source = open<Buffer, Buffer>({ ...settings, path: dir, readOnly: true, noSubdir: false } as object);
if (mode === 'check') check();
else await copy();
say('done');

function check(): void {
  // Also walks the list of free pages, which reading the records would not touch.
  source.getStats();
  for (const { key, value } of source.getRange({ start: FIRST, end: LAST })) sound(key as Buffer, value);
}

async function copy(): Promise<void> {
  const copied = open<Buffer, Buffer>({ ...settings, path: target, noSubdir: false } as object);
  const reverse = direction === 'backwards';
  const range = reverse ? { start: LAST, end: FIRST, reverse } : { start: FIRST, end: LAST };
  let step: [Buffer, Buffer][] = [];
  let bytes = 0;
  const put = async () => {
    await copied.batch(() => {
      for (const [key, value] of step) void copied.put(key, value);
    });
    const last = step.at(-1);
    if (last) say(`at ${last[0].toString('hex')}`);
    step = [];
    bytes = 0;
  };
  for (const { key, value } of source.getRange(range)) {
    const bytesOfKey = Buffer.from(key as Buffer);
    if (reverse && copied.doesExist(bytesOfKey)) break;
    if (!sound(bytesOfKey, value)) continue;
    step.push([bytesOfKey, Buffer.from(value)]);
    bytes += value.byteLength;
    if (bytes >= STEP_BYTES) await put();
  }
  await put();
  await copied.close();
}

function sound(key: Buffer, value: Buffer): boolean {
  try {
    if (isBlockKey(key)) decodeBlock(value, 0);
    else unseal(value);
    return true;
  } catch (error) {
    if (!(error instanceof Corrupt)) throw error;
    say(`bad ${key.toString('hex')} ${value.byteLength}`);
    return false;
  }
}

// Synchronously: a crash must not take the lines before it along.
function say(line: string): void {
  writeSync(1, `${line}\n`);
}
