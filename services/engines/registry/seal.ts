/** Sealing of the secrets we must be able to read again: AES-256-GCM with the installation's own key. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

const KEY_BYTES = 32;
const IV_BYTES = 12; // NIST SP 800-38D section 5.2.1.1 recommends 96 bits
const TAG_BYTES = 16;
const VERSION = 'v1.';

/**
 * The key in `file`, made on the first start: 32 random bytes that only their owner may read. It belongs outside the
 * backups: who has both has the secrets.
 * @throws Error when the file is there but is no such key, or cannot be read or made
 */
export async function loadSealKey(file: string): Promise<Buffer> {
  try {
    const key = (await readIfThere(file)) ?? (await makeKey(file));
    if (key.byteLength === KEY_BYTES) return key;
    throw new Error(
      `it has ${key.byteLength} bytes, a key has ${KEY_BYTES}; put back the one kept outside the backups`,
    );
  } catch (cause) {
    throw new Error(`key file ${file}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function makeKey(file: string): Promise<Buffer> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    const key = randomBytes(KEY_BYTES);
    await handle.writeFile(key);
    await handle.sync();
    // A link appears whole or not at all, and never replaces: of two that start at once, both use the same key.
    await link(draft, file);
    return key;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return await readFile(file);
    throw error;
  } finally {
    await handle.close();
    await unlink(draft);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
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
