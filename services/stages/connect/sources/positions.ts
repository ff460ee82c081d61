/** How far each vendor's cloud has been read, in the log's state: moved only after everything before it is in the log. */
import type { Log } from '../../../model/log.ts';

export interface Position {
  /** The request it belongs to: another one begins anew. */
  request: string;
  /** Up to when all was fetched, epoch ms. */
  time?: number;
  /** The vendor's own bookmark. */
  cursor?: string;
  /** When a run last began, epoch ms, and the ETag of the source as it was then. */
  ranAt?: number;
  ranAs?: string;
}

const STAGE = 'sources';

export class Positions {
  #log: Pick<Log, 'commit' | 'state'>;
  /** One commit after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(log: Pick<Log, 'commit' | 'state'>) {
    this.#log = log;
  }

  async load(source: string, request: string): Promise<Position> {
    const state = await this.#log.state(STAGE, 0, keyOf(source));
    const saved = state.get(keyOf(source));
    const position: Position | undefined = saved && JSON.parse(Buffer.from(saved).toString()); // written by save
    return position?.request === request ? position : { request };
  }

  save(source: string, position: Position): Promise<void> {
    return this.#commit(source, Buffer.from(JSON.stringify(position)));
  }

  remove(source: string): Promise<void> {
    return this.#commit(source, undefined);
  }

  #commit(source: string, value: Uint8Array | undefined): Promise<void> {
    const state = new Map([[keyOf(source), value]]);
    const done = this.#last.then(() => this.#log.commit({ stage: STAGE, partition: 0, upTo: {}, outputs: [], state }));
    this.#last = done.catch(() => {}); // whoever asked for it hears of it
    return done.then(() => {});
  }
}

// The slash at the end keeps one source's key from being the beginning of another's.
function keyOf(source: string): string {
  return `position/${source}/`;
}
