/** The input streams of a stage as one: blocks in the order of their receipt times, as far as they are there. */
import type { Block } from '../model/block.ts';
import type { Log, Position } from '../model/log.ts';
import type { Stream } from '../model/streams.ts';
import type { Slice } from './stage.ts';

export class Inputs {
  #log: Log;
  #streams: readonly Stream[];
  /** Where the next read of each stream begins. */
  #positions: Map<Stream, Position>;
  #read = new Map<Stream, Block[]>();

  constructor(options: { log: Log; positions: ReadonlyMap<Stream, Position> }) {
    this.#log = options.log;
    this.#positions = new Map(options.positions);
    this.#streams = [...options.positions.keys()];
  }

  /** About `maxBytes` of input, at least one block if there is one. Empty when all is handed out. */
  async next(maxBytes: number): Promise<Slice[]> {
    for (const stream of this.#streams) {
      if (this.#read.get(stream)?.length) continue;
      this.#read.set(stream, await this.#log.read(stream, this.#position(stream), maxBytes));
    }
    const batch: Slice[] = [];
    let bytes = 0;
    while (bytes < maxBytes) {
      const stream = this.#oldest();
      if (!stream) break;
      const block = this.#read.get(stream)!.shift()!; // #oldest gives only streams with a block
      // Only the first block after a start may have been handled in part.
      const from = Math.max(0, Math.min(block.count, this.#position(stream).offset - block.first));
      batch.push({ block, from, to: block.count });
      this.#positions.set(stream, { seq: block.seq + 1, offset: block.first + block.count });
      bytes += block.body.byteLength;
      // What comes after its last block is not known yet, so nothing of another stream may overtake it.
      if (this.#read.get(stream)!.length === 0) break;
    }
    return batch;
  }

  /** True as soon as there is more in any of the streams; false after `ms`, or when `signal` fires. */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    const over = new AbortController();
    const abort = () => over.abort();
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    try {
      return await Promise.race(
        this.#streams.map((stream) => this.#log.wait(stream, this.#position(stream), ms, over.signal)),
      );
    } finally {
      signal.removeEventListener('abort', abort);
      // The others must not wait on.
      abort();
    }
  }

  /** The stream whose next block came first; on a tie the one the stage names first. */
  #oldest(): Stream | undefined {
    let oldest: Stream | undefined;
    let at = Number.POSITIVE_INFINITY;
    for (const stream of this.#streams) {
      const block = this.#read.get(stream)?.[0];
      if (block && block.at < at) {
        oldest = stream;
        at = block.at;
      }
    }
    return oldest;
  }

  #position(stream: Stream): Position {
    return this.#positions.get(stream)!; // of every stream, since the constructor
  }
}
