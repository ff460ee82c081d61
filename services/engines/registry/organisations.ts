/** Organisations. */
import type { Organisation } from '../../model/organisation.ts';
import type { Organisations } from '../../model/registry.ts';
import { danishSortKey } from './danish.ts';
import type { DirectoryFeed } from './directory.ts';
import { putBody } from './put.ts';
import { pageOf, readCursor, Where } from './query.ts';
import type { Sql } from './sql.ts';

export function createOrganisations({ sql, feed }: { sql: Sql; feed: DirectoryFeed }): Organisations {
  return {
    get: async (id) => {
      const row = await sql.get<{ body: string }>('SELECT body FROM organisations WHERE id = $1', [id]);
      return row && (JSON.parse(row.body) as Organisation); // written by put
    },
    put: (organisation, options) =>
      feed.change((tx, record) => {
        const { id } = organisation;
        return putBody(tx, { table: 'organisations', id, entity: organisation, options }, async (body) => {
          await tx.run(
            `INSERT INTO organisations (id, sort_key, body) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET sort_key = excluded.sort_key, body = excluded.body`,
            [id, danishSortKey(organisation.name), body],
          );
          await record('organisations', id);
        });
      }),
    list: async ({ limit, cursor }) => {
      const where = new Where();
      where.after(['sort_key', 'id'], readCursor(cursor, 'ss'), 'ASC');
      const rows = await sql.all<{ id: string; sort_key: string; body: string }>(
        `SELECT id, sort_key, body FROM organisations ${where} ORDER BY sort_key, id LIMIT ${where.bind(limit + 1)}`,
        where.values,
      );
      return pageOf(
        rows,
        limit,
        (row): Organisation => JSON.parse(row.body),
        (row) => [row.sort_key, row.id],
      );
    },
  };
}
