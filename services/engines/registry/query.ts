/** Small helps for writing a list: conditions that bind their own parameters, and cursors. */
import { Rejected } from '../../model/errors.ts';
import type { Page } from '../../model/page.ts';
import type { Visibility } from '../../model/registry.ts';
import type { SqlValue } from './sql.ts';

/** Collects the conditions of one query, all of which must hold, with the parameters they bind. */
export class Where {
  readonly values: SqlValue[];
  #conditions: string[] = [];

  /** `values`: bound already, of a query inside this one. */
  constructor(values: readonly SqlValue[] = []) {
    this.values = [...values];
  }

  /** `$n` for a value. */
  bind(value: SqlValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  and(condition: string): void {
    this.#conditions.push(condition);
  }

  /** Skipped when the value is not given. */
  equal(column: string, value: SqlValue | undefined): void {
    if (value !== undefined) this.and(`${column} = ${this.bind(value)}`);
  }

  /** Skipped when no list is given; an empty list lets nothing through. */
  oneOf(column: string, values: readonly SqlValue[] | undefined): void {
    if (!values) return;
    this.and(values.length === 0 ? '1 = 0' : `${column} IN (${values.map((value) => this.bind(value)).join(', ')})`);
  }

  /** `sharing` is the column with the sharing of the asset. */
  visible({ all, organisation, sharings }: Visibility, owner: string, operator: string, sharing: string): void {
    if (all) return;
    const ways: string[] = [];
    if (organisation) {
      const own = this.bind(organisation);
      ways.push(`${owner} = ${own}`, `${operator} = ${own}`);
    }
    if (sharings.length > 0) ways.push(`${sharing} IN (${sharings.map((s) => this.bind(s)).join(', ')})`);
    this.and(ways.length === 0 ? '1 = 0' : `(${ways.join(' OR ')})`);
  }

  /** Rows after the last of the page before, in the order of `columns`; `direction` is that of all of them. */
  after(columns: readonly string[], last: readonly SqlValue[] | undefined, direction: 'ASC' | 'DESC'): void {
    if (!last) return;
    // A row comparison: both databases run it, and walk the index on these columns.
    const bound = last.map((value) => this.bind(value)).join(', ');
    this.and(`(${columns.join(', ')}) ${direction === 'ASC' ? '>' : '<'} (${bound})`);
  }

  toString(): string {
    return this.#conditions.length === 0 ? '' : `WHERE ${this.#conditions.join(' AND ')}`;
  }
}

/** Where a page ended, as the opaque text of `next`. */
function writeCursor(values: readonly SqlValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/**
 * @param shape what stands in the cursor: `s` a text, `n` a number, one for each value
 * @throws Rejected `invalid-cursor` when it is not one this list gave
 */
export function readCursor(cursor: string | undefined, shape: string): SqlValue[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(values) && values.length === shape.length && values.every((v, i) => fits(v, shape[i])))
      return values;
  } catch {
    // Told below, like any other that does not fit.
  }
  throw new Rejected('invalid-cursor', 'cursor: not one that this list gave; start again without it');
}

function fits(value: unknown, shape: string | undefined): boolean {
  return shape === 's' ? typeof value === 'string' : typeof value === 'number' && Number.isFinite(value);
}

/** A page from rows of which one more than `limit` was asked for: the extra one says that there is more. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  item: (row: R) => T,
  cursor: (row: R) => SqlValue[],
): Page<T> {
  const items = rows.slice(0, limit).map(item);
  const last = rows[limit - 1];
  return rows.length > limit && last !== undefined ? { items, next: writeCursor(cursor(last)) } : { items };
}

/** For `IN` lists of any length: PostgreSQL and SQLite both bound the parameters of one query. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let i = 0; i < items.length; i += size) parts.push(items.slice(i, i + size));
  return parts;
}
