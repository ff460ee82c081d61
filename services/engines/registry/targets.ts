/** Where notifications go. The secret of a target is sealed before it is written, and its own column. */
import { Rejected } from '../../model/errors.ts';
import { etagOf } from '../../model/etag.ts';
import type { NotifyTarget, NotifyTargets } from '../../model/registry.ts';
import { Where } from './query.ts';
import { seal, unseal } from './seal.ts';
import type { Sql } from './sql.ts';

interface TargetRow {
  id: string;
  secret: string | null;
  body: string;
}

export function createTargets({ sql, sealKey }: { sql: Sql; sealKey: Buffer }): NotifyTargets {
  const targetFrom = (row: TargetRow): NotifyTarget => ({
    ...(JSON.parse(row.body) as Omit<NotifyTarget, 'secret'>), // written by put
    ...(row.secret === null ? {} : { secret: unseal(sealKey, `target/${row.id}`, row.secret) }),
  });
  return {
    get: async (id) => {
      const row = await sql.get<TargetRow>('SELECT id, secret, body FROM targets WHERE id = $1', [id]);
      return row && targetFrom(row);
    },
    put: (target, options) =>
      sql.transaction(async (tx) => {
        const row = await tx.get<TargetRow>('SELECT id, secret, body FROM targets WHERE id = $1', [target.id]);
        const expected = options?.expected;
        if (expected !== undefined && expected !== (row ? etagOf(targetFrom(row)) : null))
          throw new Rejected('changed-meanwhile', `${target.id}: somebody else has changed it since it was read`);
        const { secret, ...rest } = target;
        const sealed = secret === undefined ? null : seal(sealKey, `target/${target.id}`, secret);
        await tx.run(
          `INSERT INTO targets (id, organisation, secret, body) VALUES ($1, $2, $3, $4)
           ON CONFLICT (id) DO UPDATE SET organisation = excluded.organisation, secret = excluded.secret,
             body = excluded.body`,
          [target.id, target.organisation, sealed, JSON.stringify(rest)],
        );
        return row ? 'replaced' : 'created';
      }),
    delete: async (id) => (await sql.run('DELETE FROM targets WHERE id = $1', [id])) > 0,
    list: async (organisation) => {
      const where = new Where();
      where.equal('organisation', organisation);
      const rows = await sql.all<TargetRow>(`SELECT id, secret, body FROM targets ${where} ORDER BY id`, where.values);
      return rows.map(targetFrom);
    },
  };
}
