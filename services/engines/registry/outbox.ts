/** Messages to people outside: added once, tried until sent or given up. */
import type { Outbox, OutboxMessage } from '../../model/registry.ts';
import { pageOf, readCursor, Where } from './query.ts';
import type { Sql } from './sql.ts';

const COLUMNS = 'id, target, alert, body, created_at, due_at, attempts, state, last_error';

interface OutboxRow {
  id: string;
  target: string;
  alert: string;
  body: string;
  created_at: number;
  due_at: number;
  attempts: number;
  state: OutboxMessage['state'];
  last_error: string | null;
}

export function createOutbox({ sql }: { sql: Sql }): Outbox {
  return {
    add: async (messages) => {
      if (messages.length === 0) return;
      await sql.transaction(async (tx) => {
        for (const m of messages)
          await tx.run(
            `INSERT INTO outbox (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
            [m.id, m.target, m.alert, m.body, m.createdAt, m.dueAt, m.attempts, m.state, m.lastError ?? null],
          );
      });
    },
    due: async (now, limit) => {
      const rows = await sql.all<OutboxRow>(
        `SELECT ${COLUMNS} FROM outbox WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, id LIMIT $2`,
        [now, limit],
      );
      return rows.map(messageFrom);
    },
    update: async ({ id, dueAt, attempts, state, lastError }) => {
      await sql.run('UPDATE outbox SET due_at = $2, attempts = $3, state = $4, last_error = $5 WHERE id = $1', [
        id,
        dueAt,
        attempts,
        state,
        lastError ?? null,
      ]);
    },
    list: async ({ state, alert }, { limit, cursor }) => {
      const where = new Where();
      where.equal('state', state);
      where.equal('alert', alert);
      where.after(['created_at', 'id'], readCursor(cursor, 'ns'), 'DESC');
      const rows = await sql.all<OutboxRow>(
        `SELECT ${COLUMNS} FROM outbox ${where} ORDER BY created_at DESC, id DESC LIMIT ${where.bind(limit + 1)}`,
        where.values,
      );
      return pageOf(rows, limit, messageFrom, (row) => [row.created_at, row.id]);
    },
    // One still waiting is a promise not yet kept, however old.
    deleteBefore: (at) => sql.run("DELETE FROM outbox WHERE created_at < $1 AND state <> 'waiting'", [at]),
  };
}

function messageFrom(row: OutboxRow): OutboxMessage {
  const { id, target, alert, body, attempts, state } = row;
  const times = { createdAt: row.created_at, dueAt: row.due_at };
  return {
    id,
    target,
    alert,
    body,
    ...times,
    attempts,
    state,
    ...(row.last_error === null ? {} : { lastError: row.last_error }),
  };
}
