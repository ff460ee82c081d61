/** The audit trail: who did or tried what. Only added to, and deleted by age. */
import type { Audit, AuditEntry } from '../../model/registry.ts';
import { pageOf, readCursor, Where } from './query.ts';
import type { Sql } from './sql.ts';

const COLUMNS = 'id, at, actor, organisation, action, object, outcome, detail';

export function createAudit({ sql }: { sql: Sql }): Audit {
  return {
    add: async (entries) => {
      if (entries.length === 0) return;
      await sql.transaction(async (tx) => {
        for (const e of entries)
          await tx.run(
            `INSERT INTO audit (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
            [e.id, e.at, e.actor, e.organisation, e.action, e.object, e.outcome, e.detail],
          );
      });
    },
    list: async ({ organisation, actor, from, to }, { limit, cursor }) => {
      const where = new Where();
      where.equal('organisation', organisation);
      where.equal('actor', actor);
      if (from !== undefined) where.and(`at >= ${where.bind(from)}`);
      if (to !== undefined) where.and(`at < ${where.bind(to)}`);
      where.after(['at', 'id'], readCursor(cursor, 'ns'), 'DESC');
      const rows = await sql.all<AuditEntry>(
        `SELECT ${COLUMNS} FROM audit ${where} ORDER BY at DESC, id DESC LIMIT ${where.bind(limit + 1)}`,
        where.values,
      );
      return pageOf(
        rows,
        limit,
        (row): AuditEntry => ({ ...row }),
        (row) => [row.at, row.id],
      );
    },
    deleteBefore: (at) => sql.run('DELETE FROM audit WHERE at < $1', [at]),
  };
}
