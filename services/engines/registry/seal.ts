/** Sealing of the secrets we must be able to read again: AES-256-GCM with the installation's own key. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const KEY_BYTES = 32;
const IV_BYTES = 12; // NIST SP 800-38D section 5.2.1.1 recommends 96 bits
const TAG_BYTES = 16;
const VERSION = 'v1.';

/**
 * The key in `file`, made on the first start: 32 random bytes that only their owner may read. It belongs outside the
 * backups: who has both has the secrets.
 * @throws Error when the file is there but is no such key
 */
export async function loadSealKey(file: string): Promise<Buffer> {
  await mkdir(dirname(file), { recursive: true });
  try {
    // O_EXCL: of two that start at once, one makes the key and the other reads it.
    const handle = await open(file, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    try {
      const key = randomBytes(KEY_BYTES);
      await handle.writeFile(key);
      await handle.sync();
      return key;
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'))
      throw new Error(`making the key file ${file}`, { cause });
  }
  const key = await readFile(file);
  if (key.byteLength !== KEY_BYTES)
    throw new Error(
      `key file ${file}: ${key.byteLength} bytes, a key has ${KEY_BYTES}; restore it from where it is kept`,
    );
  return key;
}

/** `context` (the id of whose secret it is) is bound in, so that one sealed secret cannot be put in another's place. */
export function seal(key: Buffer, context: string, secret: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return VERSION + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @throws Error when it was sealed with another key or for another context, or somebody changed it */
export function unseal(key: Buffer, context: string, sealed: string): string {
  try {
    if (!sealed.startsWith(VERSION)) throw new Error('unknown form');
    const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
    const iv = bytes.subarray(0, IV_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw new Error(`unsealing the secret of ${context}: not sealed with this key`, { cause });
  }
}
