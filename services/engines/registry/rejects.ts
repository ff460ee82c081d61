/** Rejects that stand, with everything a replay needs; settled ones are remembered only to recognise a repetition. */
import type { Rejects } from '../../model/registry.ts';
import type { Reject, RejectReason } from '../../model/reject.ts';
import { pageOf, readCursor, Where } from './query.ts';
import type { Sql, SqlSession } from './sql.ts';

const COLUMNS = 'uplink, device, owner, received_at, reason, detail, partial, revision, record';

interface RejectRow {
  uplink: number;
  device: string;
  owner: string;
  received_at: number;
  reason: RejectReason;
  detail: string;
  partial: number;
  revision: number;
  record: string;
}

interface UnknownRow {
  device: string;
  owner: string;
  uplinks: number;
  first_at: number;
  last_at: number;
  newest: number;
}

export function createRejects({ sql }: { sql: Sql }): Rejects {
  return {
    get: async (uplink) => {
      const row = await sql.get<RejectRow>(`SELECT ${COLUMNS} FROM rejects WHERE uplink = $1 AND settled_at IS NULL`, [
        uplink,
      ]);
      return row && rejectFrom(row);
    },
    apply: async (events) => {
      if (events.length === 0) return;
      await sql.transaction(async (tx) => {
        for (const event of events) {
          if (event.kind === 'rejected') await insert(tx, event.reject);
          // The payload goes with it: personal data are not kept longer than they are needed.
          else
            await tx.run("UPDATE rejects SET settled_at = $2, record = '' WHERE uplink = $1 AND settled_at IS NULL", [
              event.uplink,
              event.at,
            ]);
        }
      });
    },
    list: async ({ owners, device, reason, from, to }, { limit, cursor }) => {
      const where = new Where();
      where.and('settled_at IS NULL');
      where.oneOf('owner', owners);
      where.equal('device', device);
      where.equal('reason', reason);
      if (from !== undefined) where.and(`received_at >= ${where.bind(from)}`);
      if (to !== undefined) where.and(`received_at < ${where.bind(to)}`);
      where.after(['uplink'], readCursor(cursor, 'n'), 'DESC');
      const rows = await sql.all<RejectRow>(
        `SELECT ${COLUMNS} FROM rejects ${where} ORDER BY uplink DESC LIMIT ${where.bind(limit + 1)}`,
        where.values,
      );
      return pageOf(rows, limit, rejectFrom, (row) => [row.uplink]);
    },
    unknownDevices: async ({ owners }, { limit, cursor }) => {
      const where = new Where();
      where.and("settled_at IS NULL AND reason = 'unknown-device'");
      where.oneOf('owner', owners);
      const groups = `SELECT device, owner, COUNT(*) AS uplinks, MIN(received_at) AS first_at,
         MAX(received_at) AS last_at, MAX(uplink) AS newest FROM rejects ${where} GROUP BY device, owner`;
      const page = new Where(where.values);
      page.after(['newest'], readCursor(cursor, 'n'), 'DESC');
      const rows = await sql.all<UnknownRow>(
        `SELECT * FROM (${groups}) AS unknown_devices ${page} ORDER BY newest DESC LIMIT ${page.bind(limit + 1)}`,
        page.values,
      );
      return pageOf(
        rows,
        limit,
        ({ first_at: firstAt, last_at: lastAt, ...row }) => ({ ...row, firstAt, lastAt }),
        (row) => [row.newest],
      );
    },
    deleteBefore: (receivedAt) => sql.run('DELETE FROM rejects WHERE received_at < $1', [receivedAt]),
  };
}

async function insert(tx: SqlSession, r: Reject): Promise<void> {
  await tx.run(
    `INSERT INTO rejects (${COLUMNS}, settled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)
     ON CONFLICT (uplink) DO UPDATE SET device = excluded.device, owner = excluded.owner,
       received_at = excluded.received_at, reason = excluded.reason, detail = excluded.detail,
       partial = excluded.partial, revision = excluded.revision, record = excluded.record, settled_at = NULL
     WHERE excluded.revision > rejects.revision`,
    [r.uplink, r.device, r.owner, r.receivedAt, r.reason, r.detail, r.partial ? 1 : 0, r.revision, r.record],
  );
}

function rejectFrom(row: RejectRow): Reject {
  const { uplink, device, owner, reason, detail, revision, record } = row;
  return {
    uplink,
    device,
    owner,
    receivedAt: row.received_at,
    reason,
    detail,
    partial: row.partial === 1,
    revision,
    record,
  };
}
