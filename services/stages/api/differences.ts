/** Where two JSON values differ, each place by its JSON pointer, with what was found and what was wanted. */
import type { FieldError } from './problems.ts';

/** A script that gives something else altogether would say so a thousand times. */
const MOST = 20;

/** `pointer` is where `wanted` itself stands. At most 20. */
export function differences(found: unknown, wanted: unknown, pointer: string): FieldError[] {
  const errors: FieldError[] = [];
  const walk = (a: unknown, b: unknown, at: string): void => {
    if (errors.length >= MOST || Object.is(a, b) || isAsGood(a, b)) return;
    if (isObject(a) && isObject(b) && Array.isArray(a) === Array.isArray(b)) {
      for (const key of new Set([...Object.keys(b), ...Object.keys(a)]))
        walk(own(a, key), own(b, key), `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`); // RFC 6901 section 3
    } else if (a !== b) errors.push({ pointer: at, detail: `${show(a)}, not ${show(b)}` });
  };
  walk(found, wanted, pointer);
  return errors;
}

/** Powers and logarithms differ in their last digit from one engine to another. */
function isAsGood(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
