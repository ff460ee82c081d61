import { describe, expect, it } from 'vitest';
import { etagOf, ifMatchHolds } from './etag.ts';
import { hashSecret, newSecret } from './secret.ts';

describe('semantics: Editing', () => {
  it('gives the same content the same tag, whatever the order of its keys', () => {
    expect(etagOf({ a: 1, b: { c: [1, 2], d: 'x' } })).toBe(etagOf({ b: { d: 'x', c: [1, 2] }, a: 1 }));
    expect(etagOf({ a: 1, b: undefined })).toBe(etagOf({ a: 1 }));
  });

  it('gives other content another tag', () => {
    const tags = [{}, { a: 1 }, { a: '1' }, { a: null }, { a: [1] }, { a: [[1]] }, { b: 1 }, [], null].map(etagOf);
    expect(new Set(tags).size).toBe(tags.length);
    expect(etagOf({ a: [1, 2] })).not.toBe(etagOf({ a: [2, 1] }));
  });

  it('is a strong entity tag in quotes', () => {
    expect(etagOf({})).toMatch(/^"[\w-]{27}"$/);
  });

  it('lets a change through without If-Match, or when a tag in it is the present one', () => {
    const tag = etagOf({ a: 1 });
    expect(ifMatchHolds(undefined, tag)).toBe(true);
    expect(ifMatchHolds(undefined, undefined)).toBe(true);
    expect(ifMatchHolds('*', tag)).toBe(true);
    expect(ifMatchHolds(tag, tag)).toBe(true);
    expect(ifMatchHolds(`"other", ${tag}`, tag)).toBe(true);
  });

  it('holds back a change of something else than what was read', () => {
    const tag = etagOf({ a: 1 });
    expect(ifMatchHolds('"other"', tag)).toBe(false);
    expect(ifMatchHolds(`W/${tag}`, tag)).toBe(false);
    expect(ifMatchHolds('*', undefined)).toBe(false);
    expect(ifMatchHolds(tag, undefined)).toBe(false);
    expect(ifMatchHolds('', tag)).toBe(false);
  });
});

describe('semantics: Secrets', () => {
  it('are 256 random bits, recognisable, and kept only as their hash', () => {
    const secrets = Array.from({ length: 100 }, () => newSecret());
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) expect(secret).toMatch(/^svk_[\w-]{43}$/);
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'); // FIPS 180-4
  });
});
