/** The machine a figure was measured on: without it no figure means anything. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

export interface Machine {
  cpus: number;
  model: string;
  memoryGiB: number;
  kernel: string;
  node: string;
  /** Of 4 KiB, one after the other: what the disk gives a group commit. */
  syncsPerSecond: number;
  /** Of the minute before: what else was going on. */
  load: number;
}

export function describeMachine(): Machine {
  return {
    cpus: cpus().length,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    syncsPerSecond: syncsPerSecond(),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

function syncsPerSecond(): number {
  const dir = mkdtempSync(join(tmpdir(), 'sync-'));
  const file = openSync(join(dir, 'probe'), 'w');
  const block = Buffer.alloc(4096);
  const began = performance.now();
  let n = 0;
  for (; performance.now() - began < 1000; n++) {
    writeSync(file, block);
    fdatasyncSync(file);
  }
  const seconds = (performance.now() - began) / 1000;
  closeSync(file);
  rmSync(dir, { recursive: true });
  return Math.round(n / seconds);
}
