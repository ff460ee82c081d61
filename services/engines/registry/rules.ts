/** Rules of organisations; the built-in ones are in the catalogue, and one stored under a built-in id replaces it. */
import type { Rules } from '../../model/registry.ts';
import type { Rule } from '../../model/rule.ts';
import type { DirectoryFeed } from './directory.ts';
import { putBody } from './put.ts';
import type { Sql } from './sql.ts';

export function createRules({ sql, feed }: { sql: Sql; feed: DirectoryFeed }): Rules {
  return {
    get: async (id) => {
      const row = await sql.get<{ body: string }>('SELECT body FROM rules WHERE id = $1', [id]);
      return row && (JSON.parse(row.body) as Rule); // written by put
    },
    put: (rule, options) =>
      feed.change((tx, record) =>
        putBody(tx, { table: 'rules', id: rule.id, entity: rule, options }, async (body) => {
          await tx.run(
            `INSERT INTO rules (id, owner, body) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, body = excluded.body`,
            [rule.id, rule.owner, body],
          );
          await record('rules', rule.id);
        }),
      ),
    delete: (id) =>
      feed.change(async (tx, record) => {
        const gone = (await tx.run('DELETE FROM rules WHERE id = $1', [id])) > 0;
        if (gone) await record('rules', id, true);
        return gone;
      }),
    list: async () => {
      const rows = await sql.all<{ body: string }>('SELECT body FROM rules ORDER BY id');
      return rows.map((row): Rule => JSON.parse(row.body));
    },
  };
}
