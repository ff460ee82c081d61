/** Alerts as people see them: a projection of the `alerts` stage, never older than what is already stored. */
import type { Alert, AlertState } from '../../model/alert.ts';
import type { Alerts, Visibility } from '../../model/registry.ts';
import { chunks, pageOf, readCursor, Where } from './query.ts';
import type { Sql } from './sql.ts';

export function createAlerts({ sql }: { sql: Sql }): Alerts {
  return {
    get: async (id) => {
      const row = await sql.get<{ body: string }>('SELECT body FROM alerts WHERE id = $1', [id]);
      return row && (JSON.parse(row.body) as Alert); // written by put
    },
    put: async (alerts) => {
      if (alerts.length === 0) return;
      await sql.transaction(async (tx) => {
        for (const a of alerts) {
          const values = [a.id, a.asset, a.owner, a.operator, a.type, a.state, a.severity, a.raisedAt, a.revision];
          await tx.run(
            `INSERT INTO alerts (id, asset, owner, operator, type, state, severity, raised_at, revision, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (id) DO UPDATE SET asset = excluded.asset, owner = excluded.owner,
               operator = excluded.operator, type = excluded.type, state = excluded.state,
               severity = excluded.severity, raised_at = excluded.raised_at, revision = excluded.revision,
               body = excluded.body
             WHERE excluded.revision > alerts.revision`,
            [...values, JSON.stringify(a)],
          );
        }
      });
    },
    list: async (filter, { limit, cursor }) => {
      const where = new Where();
      visible(where, filter.visible);
      for (const key of ['state', 'severity', 'owner', 'type', 'asset'] as const) where.equal(key, filter[key]);
      where.after(['raised_at', 'id'], readCursor(cursor, 'ns'), 'DESC');
      const rows = await sql.all<{ id: string; raised_at: number; body: string }>(
        `SELECT id, raised_at, body FROM alerts ${where} ORDER BY raised_at DESC, id DESC LIMIT ${where.bind(limit + 1)}`,
        where.values,
      );
      return pageOf(
        rows,
        limit,
        (row): Alert => JSON.parse(row.body),
        (row) => [row.raised_at, row.id],
      );
    },
    openOf: async (assets) => {
      const found: Alert[] = [];
      for (const part of chunks(assets, 500)) {
        const where = new Where();
        where.oneOf('asset', part);
        where.oneOf('state', ['open', 'acknowledged']);
        const rows = await sql.all<{ body: string }>(
          `SELECT body FROM alerts ${where} ORDER BY raised_at DESC, id DESC`,
          where.values,
        );
        for (const row of rows) found.push(JSON.parse(row.body));
      }
      return found;
    },
    counts: async (visibility) => {
      const where = new Where();
      visible(where, visibility);
      const rows = await sql.all<{ state: AlertState; n: number }>(
        `SELECT state, COUNT(*) AS n FROM alerts ${where} GROUP BY state`,
        where.values,
      );
      const counts: Record<AlertState, number> = { open: 0, acknowledged: 0, resolved: 0 };
      for (const row of rows) counts[row.state] = Number(row.n);
      return counts;
    },
  };
}

// The sharing is the asset's of today, so that one taken back is taken back for its old alerts too.
function visible(where: Where, visibility: Visibility): void {
  where.visible(visibility, 'owner', 'operator', '(SELECT sharing FROM assets WHERE assets.id = alerts.asset)');
}
