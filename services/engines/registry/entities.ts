/**
 * Tables of things that are kept whole as JSON beside their owner: network servers, sources, gateways, codecs, device models.
 * What is secret of a thing is sealed in a column of its own and never in the JSON, which the directory reads.
 */

import type { DirectoryEntities } from '../../model/directory.ts';
import { Rejected } from '../../model/errors.ts';
import { etagOf } from '../../model/etag.ts';
import type { Entities } from '../../model/registry.ts';
import type { DirectoryFeed } from './directory.ts';
import { pageOf, readCursor, Where } from './query.ts';
import { seal, unseal } from './seal.ts';
import type { Sql, SqlSession } from './sql.ts';

export interface EntitiesOptions<T> {
  sql: Sql;
  feed: DirectoryFeed;
  table: 'network_servers' | 'sources' | 'gateways' | 'codecs' | 'device_models';
  /** Where the directory shows them. */
  kind?: keyof DirectoryEntities;
  /** The member that is secret, and the installation's key to seal it. */
  secret?: { member: keyof T & string; key: Buffer };
  /** More to write in the same transaction. */
  onPut?(tx: SqlSession, entity: T): Promise<void>;
}

interface Row {
  id: string;
  secret: string | null;
  body: string;
}

export function createEntities<T extends { id: string; owner: string }>(options: EntitiesOptions<T>): Entities<T> {
  const { sql, feed, table, kind, secret, onPut } = options;
  const read = (row: Row): T => {
    const entity = JSON.parse(row.body) as T; // written by put
    if (secret && row.secret !== null)
      Object.assign(entity, { [secret.member]: JSON.parse(unseal(secret.key, `${table}/${row.id}`, row.secret)) });
    return entity;
  };
  const columns = `id, ${secret ? 'secret' : 'NULL AS secret'}, body`;
  const find = (session: SqlSession, id: string) =>
    session.get<Row>(`SELECT ${columns} FROM ${table} WHERE id = $1`, [id]);
  return {
    get: async (id) => {
      const row = await find(sql, id);
      return row && read(row);
    },
    put: (entity, putOptions) =>
      feed.change(async (tx, record) => {
        const row = await find(tx, entity.id);
        const stored = row && read(row);
        const expected = putOptions?.expected;
        if (expected !== undefined && expected !== (stored ? etagOf(stored) : null))
          throw new Rejected('changed-meanwhile', `${entity.id}: somebody else has changed it since it was read`);
        if (stored && etagOf(stored) === etagOf(entity)) return 'replaced';
        const values: (string | null)[] = [entity.id, entity.owner];
        if (secret) {
          const { [secret.member]: hidden, ...open } = entity;
          const text = hidden === undefined ? null : JSON.stringify(hidden);
          values.push(JSON.stringify(open), text && seal(secret.key, `${table}/${entity.id}`, text));
        } else values.push(JSON.stringify(entity));
        await tx.run(
          `INSERT INTO ${table} (id, owner, body${secret ? ', secret' : ''}) VALUES ($1, $2, $3${secret ? ', $4' : ''})
           ON CONFLICT (id) DO UPDATE SET owner = excluded.owner,
             body = excluded.body${secret ? ', secret = excluded.secret' : ''}`,
          values,
        );
        await onPut?.(tx, entity);
        if (kind) await record(kind, entity.id);
        return row ? 'replaced' : 'created';
      }),
    delete: (id) =>
      feed.change(async (tx, record) => {
        const gone = (await tx.run(`DELETE FROM ${table} WHERE id = $1`, [id])) > 0;
        if (gone && kind) await record(kind, id, true);
        return gone;
      }),
    list: async ({ owners }, { limit, cursor }) => {
      const where = new Where();
      where.oneOf('owner', owners);
      where.after(['id'], readCursor(cursor, 's'), 'ASC');
      const rows = await sql.all<Row>(
        `SELECT ${columns} FROM ${table} ${where} ORDER BY id LIMIT ${where.bind(limit + 1)}`,
        where.values,
      );
      return pageOf(rows, limit, read, (row) => [row.id]);
    },
  };
}
