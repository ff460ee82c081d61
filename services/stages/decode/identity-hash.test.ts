/** The hash is the published one, and it tells messages apart. */
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { IdentityHash } from './identity-hash.ts';

const KEY = Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]);

function digest(bytes: Buffer): string {
  const hash = new IdentityHash(KEY);
  hash.digest(bytes, bytes.byteLength);
  const out = Buffer.alloc(8);
  out.writeUInt32LE(hash.low, 0);
  out.writeUInt32LE(hash.high, 4);
  return out.toString('hex');
}

describe('identity hash', () => {
  it('is HalfSipHash-2-4 with 64 bits', () => {
    // First vector of vectors_hsip64 of the reference implementation.
    expect(digest(Buffer.alloc(0))).toBe('218d1f59b9b83cc8');
  });

  it('differs with every byte and every length', () => {
    const seen = new Set<string>();
    for (let n = 0; n < 64; n++) {
      seen.add(digest(Buffer.alloc(n)));
      for (let i = 0; i < n; i++) {
        const bytes = Buffer.alloc(n);
        bytes[i] = 1;
        seen.add(digest(bytes));
      }
    }
    expect(seen.size).toBe(64 + (64 * 63) / 2);
  });

  it('keeps its key over a restart', () => {
    const first = new IdentityHash();
    first.restore(new Map());
    const state = new Map<string, Uint8Array | undefined>();
    first.changes(state);
    const second = new IdentityHash();
    second.restore(state as Map<string, Uint8Array>); // nothing is deleted in it
    const bytes = Buffer.from('a message');
    first.digest(bytes, bytes.byteLength);
    second.digest(bytes, bytes.byteLength);
    expect([second.low, second.high]).toEqual([first.low, first.high]);
    state.clear();
    second.changes(state);
    expect(state.size).toBe(0);
  });
});
