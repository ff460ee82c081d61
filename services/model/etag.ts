/** ETags: the hash of an entity's content, so that two people may edit one thing and nobody's work is lost. */
import { createHash } from 'node:crypto';

/** A strong ETag with its quotes (RFC 9110 section 8.8.3). The same content gives the same tag, whatever the order of its keys. */
export function etagOf(entity: unknown): string {
  return `"${createHash('sha256').update(canonical(entity)).digest('base64url').slice(0, 27)}"`;
}

/**
 * Whether `If-Match` lets the change through (RFC 9110 section 13.1.1). `current` is the tag of what is stored, `undefined`
 * when nothing is. Weak tags never match: the comparison is the strong one.
 */
export function ifMatchHolds(header: string | undefined, current: string | undefined): boolean {
  if (header === undefined) return true;
  if (current === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim() === current);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
