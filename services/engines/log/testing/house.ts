/** A log with its housekeeper at hand, so that tests need not wait for its rounds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewBlock } from '../../../model/block.ts';
import type { Commit, Log, Position } from '../../../model/log.ts';
import { STREAMS, type Stream } from '../../../model/streams.ts';
import { Housekeeper } from '../housekeeper.ts';
import { LmdbLog } from '../lmdb-log.ts';
import { Recovery } from '../recovery.ts';

export const quiet = { info() {}, warn() {}, error() {} };

export interface House {
  log: LmdbLog;
  housekeeper: Housekeeper;
  damage: { name: string; detail: string }[];
  /** In order; the next start trusts what it finds. */
  close(): Promise<void>;
  /** As a crash leaves it, as far as the next start can tell. */
  abandon(): Promise<void>;
}

interface HouseOptions {
  retentionMs?: number;
  maxBytes?: number;
  generationBytes?: number;
}

export async function openHouse(dir: string, options: HouseOptions = {}): Promise<House> {
  const { retentionMs = 1e12, maxBytes = 1e12, generationBytes = 1 } = options;
  const damage: House['damage'] = [];
  const recovery = new Recovery({ dir, logger: quiet, generationBytes, onDamaged: (d) => damage.push(d) });
  await recovery.start();
  const log = new LmdbLog({ dir, logger: quiet, generationBytes });
  await log.start();
  const housekeeper = new Housekeeper({ log, recovery, logger: quiet, retentionMs, maxBytes });
  const abandon = async () => {
    await housekeeper.stop();
    await log.close();
  };
  const close = async () => {
    await abandon();
    recovery.stoppedInOrder();
  };
  return { log, housekeeper, damage, close, abandon };
}

export function tempDir(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'log-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export function block(stream: Stream, at: number, count = 1, bytes = 100): NewBlock {
  return { stream, at, count, body: Buffer.alloc(bytes, at % 256) };
}

export function commitOf(overrides: Partial<Commit>): Commit {
  return { stage: 'test', partition: 0, upTo: {}, outputs: [], state: new Map(), ...overrides };
}

/** One commit a block, so that tiny generations turn over. */
export async function append(log: Log, stream: Stream, blocks: number, from = 0): Promise<void> {
  for (let i = 0; i < blocks; i++) await log.commit(commitOf({ outputs: [block(stream, 1000 + from + i)] }));
}

export async function handled(log: Log, stage: string, stream: Stream, position?: Position): Promise<void> {
  await log.commit(commitOf({ stage, upTo: { [stream]: position ?? (await log.end(stream)) } }));
}

export async function handledByAll(log: Log, stream: Stream): Promise<void> {
  for (const stage of STREAMS[stream].readers) await handled(log, stage, stream);
}

export async function seqs(log: Log, stream: Stream): Promise<number[]> {
  return (await log.read(stream, { seq: 1, offset: 0 }, 1e9)).map((b) => b.seq);
}

export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}
