/** The name of this installation among others: made once, kept in its data folder, shown to brokers that keep a session for us. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Eight hex digits. The folder is held by this process (data-folder.ts), so nobody else makes one meanwhile. */
export function readInstallation(dataDir: string): string {
  const file = join(dataDir, 'INSTALLATION');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const name = randomBytes(4).toString('hex');
  // Whole or not at all: half a name would be another one.
  writeFileSync(`${file}.new`, `${name}\n`);
  renameSync(`${file}.new`, file);
  return name;
}
