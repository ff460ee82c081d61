/** Secrets of devices and tokens: 256 random bits, shown once, kept only as a hash. */
import { createHash, randomBytes } from 'node:crypto';

/** The prefix lets a secret scanner recognise one that was committed or mailed by mistake. */
export function newSecret(prefix = 'svk_'): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** SHA-256, hex. No salt and no slow hash: there is no dictionary of 256 random bits to try. */
export function hashSecret(secret: string | Uint8Array): string {
  return createHash('sha256').update(secret).digest('hex');
}
