/** The data folder: one process at a time, one format, told apart before anything in it is touched. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigError } from './config.ts';

const DATA_FORMAT = 1;

/**
 * Takes the folder for this process, making it on first use. The lock is the operating system's, so that it ends with the
 * process however that ends; Node.js offers none of its own, so an SQLite file is locked exclusively and left so.
 * @returns the way to give it back
 * @throws ConfigError naming the process that holds it, or the format that is too new
 */
export function openDataFolder(dir: string): () => void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const release = lock(dir);
  try {
    checkFormat(dir);
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

function lock(dir: string): () => void {
  const holder = join(dir, 'LOCK.json');
  const db = new DatabaseSync(join(dir, 'LOCK'));
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    const who = existsSync(holder) ? readFileSync(holder, 'utf8').trim() : 'another process';
    throw new ConfigError(`SANSEVAERK_DATA_DIR: ${dir} is in use by ${who}; stop it or name another folder`, { cause });
  }
  writeFileSync(holder, `${JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() })}\n`);
  return () => db.close();
}

function checkFormat(dir: string): void {
  const file = join(dir, 'FORMAT');
  if (!existsSync(file)) writeFileSync(file, `${DATA_FORMAT}\n`);
  const format = Number(readFileSync(file, 'utf8'));
  // Format 1 is the first; a later version migrates older ones here, after a backup it names.
  if (format !== DATA_FORMAT) {
    throw new ConfigError(
      `SANSEVAERK_DATA_DIR: ${dir} has format ${format}, this version reads ${DATA_FORMAT}; run the version that wrote it`,
    );
  }
}
