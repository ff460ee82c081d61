/** A log, a stage that adds numbers, and everything around them: what the tests of the loop run on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbLog } from '../../engines/log/open-lmdb-log.ts';
import { jsonBlock, readJsonBlock } from '../../model/json-block.ts';
import type { Log } from '../../model/log.ts';
import type { Stream } from '../../model/streams.ts';
import { createLogger } from '../../ops/logger.ts';
import { createMetrics } from '../../ops/metrics.ts';
import type { Ops } from '../../ops/ops.ts';
import { PlatformAlerts } from '../../ops/platform-alerts.ts';
import { runStage } from '../run-stage.ts';
import type { Outcome, Slice, Stage } from '../stage.ts';

export interface Bench {
  log: Log;
  ops: Ops;
  /** Appends one block of numbers; `at` is its receipt time. */
  append(stream: Stream, at: number, numbers: number[]): Promise<void>;
  /** Runs the stage until it has handled everything there is, then stops it in order. */
  drain(stage: Stage): Promise<void>;
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export function createOps(): Ops {
  const logger = createLogger('silent');
  const metrics = createMetrics();
  return { logger, metrics, alerts: new PlatformAlerts(logger, metrics) };
}

export async function createBench(): Promise<Bench> {
  const dir = mkdtempSync(join(tmpdir(), 'stage-'));
  const ops = createOps();
  const open = () => openLmdbLog({ dir, logger: ops.logger });
  const bench: Bench = {
    log: await open(),
    ops,
    async append(stream, at, numbers) {
      const outputs = [jsonBlock(stream, at, numbers)];
      await bench.log.commit({ stage: 'source', partition: 0, upTo: {}, outputs, state: new Map() });
    },
    async drain(stage) {
      const stop = new AbortController();
      const options = { log: bench.log, stage, ops, signal: stop.signal, backoff: { firstMs: 1, mostMs: 4 } };
      const running = runStage(options);
      const behind = async () => {
        for (const stream of stage.reads) {
          const [{ seq }, end] = [await bench.log.position(stage.name, 0, stream), await bench.log.end(stream)];
          if (seq < end.seq) return true;
        }
        return false;
      };
      const patience = performance.now() + 10_000;
      while ((await behind()) && performance.now() < patience)
        if (await Promise.race([running.then(() => true), pause()])) break;
      stop.abort();
      await running;
    },
    async reopen() {
      await bench.log.close();
      bench.log = await open();
    },
    async close() {
      await bench.log.close();
      rmSync(dir, { recursive: true });
    },
  };
  return bench;
}

function pause(): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, 2, false));
}

/**
 * Adds the numbers of `acts` and `transitions` and writes each running sum to `alerts`, so that its outputs show what it saw
 * and in which order. `before` is called for each number: what it throws is the stage's failure.
 */
export class Adder implements Stage {
  readonly name = 'alerts';
  readonly reads: readonly Stream[];
  readonly batchBytes: number;
  before: (n: number) => void;
  sum = 0;
  batches: number[] = [];
  poisoned: { offset: number; message: string; hash: string }[] = [];

  constructor(options: { reads?: readonly Stream[]; batchBytes?: number; before?: (n: number) => void } = {}) {
    this.reads = options.reads ?? ['acts'];
    this.batchBytes = options.batchBytes ?? 1e6;
    this.before = options.before ?? (() => {});
  }

  restore(state: Map<string, Uint8Array>): void {
    this.sum = Number(Buffer.from(state.get('sum') ?? '0').toString());
  }

  handle(batch: readonly Slice[]): Outcome {
    const sums: number[] = [];
    for (const { block, from, to } of batch)
      for (const n of readJsonBlock<number>(block).slice(from, to)) {
        this.before(n);
        this.sum += n;
        sums.push(this.sum);
      }
    this.batches.push(sums.length);
    return this.#outcome(batch, sums);
  }

  poison({ block, from, to }: Slice, error: Error, hash: string): Outcome {
    this.poisoned.push({ offset: block.first + from, message: error.message, hash });
    return this.#outcome([{ block, from, to }], [-1]);
  }

  #outcome(batch: readonly Slice[], sums: number[]): Outcome {
    const at = batch.at(-1)!.block.at;
    return { outputs: [jsonBlock('alerts', at, sums)], state: new Map([['sum', Buffer.from(String(this.sum))]]) };
  }
}

export async function outputs(log: Log): Promise<number[]> {
  return (await log.read('alerts', { seq: 1, offset: 0 }, 1e9)).flatMap((block) => readJsonBlock<number>(block));
}
