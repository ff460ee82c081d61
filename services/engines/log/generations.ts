/** The generations in the folder of the log, oldest first. The folder is the truth; every thread reads it for itself. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Generation } from './generation.ts';

const NAME = /^g-(\d{8})$/;

export function generationName(number: number): string {
  return `g-${String(number).padStart(8, '0')}`;
}

/** Of the generations in a folder, ascending. */
export function generationNumbers(dir: string): number[] {
  return readdirSync(dir)
    .map((name) => Number(NAME.exec(name)?.[1]))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
}

export class Generations {
  #dir: string;
  #generationBytes: number;
  #list: Generation[] = [];

  constructor(options: { dir: string; generationBytes: number }) {
    this.#dir = options.dir;
    this.#generationBytes = options.generationBytes;
    mkdirSync(this.#dir, { recursive: true });
    this.reload();
    if (this.#list.length === 0) this.create(1);
  }

  /** Oldest first; never empty. */
  get list(): readonly Generation[] {
    return this.#list;
  }

  get newest(): Generation {
    return this.#list.at(-1)!; // never empty: the constructor creates the first, and the newest is never removed
  }

  /** Looks at the folder again. Gives true when it changed. */
  reload(): boolean {
    const numbers = generationNumbers(this.#dir);
    const known = new Map(this.#list.map((g) => [g.number, g]));
    let changed = numbers.length !== this.#list.length;
    const list = numbers.map((number) => {
      const generation = known.get(number);
      known.delete(number);
      if (generation) return generation;
      changed = true;
      return new Generation({ number, dir: this.#path(number), generationBytes: this.#generationBytes });
    });
    // Removed by the housekeeper. Its files live on until the last thread lets go.
    for (const gone of known.values()) gone.close().catch(() => {});
    if (list.length > 0) this.#list = list;
    return changed;
  }

  /** Makes the generation with this number, if no other thread has just done so. It appears in one step, ready for use. */
  create(number: number): void {
    const draft = join(this.#dir, `draft-${randomUUID()}`);
    mkdirSync(draft);
    writeFileSync(join(draft, 'trusted'), '');
    try {
      renameSync(draft, this.#path(number));
    } catch (error) {
      // Not empty means it exists: another thread noticed the same limit.
      rmSync(draft, { recursive: true });
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST')
        throw new Error('log: unable to create a generation', { cause: error });
    }
    this.reload();
  }

  /** Names of generations set aside because they were damaged. */
  damaged(): string[] {
    return readdirSync(this.#dir).filter((name) => name.endsWith('.damaged'));
  }

  /** Lets go of all but the newest that nobody has needed for so long. */
  async rest(idleMs: number): Promise<void> {
    for (const generation of this.#list.slice(0, -1)) await generation.rest(idleMs);
  }

  async close(): Promise<void> {
    for (const generation of this.#list) await generation.close();
  }

  #path(number: number): string {
    return join(this.#dir, generationName(number));
  }
}
