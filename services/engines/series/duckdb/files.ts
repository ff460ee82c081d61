/** The Parquet files of sealed parts: their names, making them durable, and removing those that count no more. */
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { monthName } from './sql.ts';
import type { Part } from './view.ts';

export class Files {
  readonly dir: string;
  readonly sealed: string;
  readonly temporary: string;

  constructor(dir: string) {
    this.dir = dir;
    this.sealed = join(dir, 'sealed');
    this.temporary = join(dir, 'tmp');
  }

  async prepare(): Promise<void> {
    await mkdir(this.sealed, { recursive: true });
    // Spilled sorts of a process that ended; never anything we need.
    await rm(this.temporary, { recursive: true, force: true });
    await mkdir(this.temporary, { recursive: true });
  }

  raw(part: { month: number; id: number }): string {
    return join(this.sealed, `${monthName(part.month)}.${part.id}.raw.parquet`);
  }

  hours(part: { month: number; id: number }): string {
    return join(this.sealed, `${monthName(part.month)}.${part.id}.hours.parquet`);
  }

  /** The files and their names on disk, before the manifest may say that they count. */
  async sync(paths: readonly string[]): Promise<void> {
    for (const path of [...paths, this.sealed]) {
      const file = await open(path, 'r');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }
  }

  async remove(paths: readonly string[]): Promise<void> {
    for (const path of paths) await rm(path, { force: true });
  }

  /** Removes files that no part names: what a process left that ended between writing and committing. */
  async removeOrphans(parts: readonly Part[]): Promise<number> {
    const kept = new Set(parts.flatMap((p) => [this.hours(p), ...(p.raw ? [this.raw(p)] : [])]));
    const orphans = (await readdir(this.sealed)).map((name) => join(this.sealed, name)).filter((p) => !kept.has(p));
    await this.remove(orphans);
    return orphans.length;
  }

  /** Bytes of everything in the folder. */
  async bytes(): Promise<number> {
    let sum = 0;
    for (const dir of [this.dir, this.sealed])
      for (const entry of await readdir(dir, { withFileTypes: true }))
        if (entry.isFile()) sum += await sizeOf(join(dir, entry.name));
    return sum;
  }
}

// A file may be removed while we count.
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
