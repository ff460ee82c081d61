/** Commands to devices, with what became of each. */
import type { Command, CommandState } from '../../model/command.ts';
import type { Commands } from '../../model/registry.ts';
import { pageOf, readCursor, Where } from './query.ts';
import type { Sql } from './sql.ts';

interface Row {
  id: string;
  created_at: number;
  body: string;
}

export function createCommands({ sql }: { sql: Sql }): Commands {
  const read = (row: Row): Command => JSON.parse(row.body); // written by put
  return {
    get: async (id) => {
      const row = await sql.get<Row>('SELECT id, created_at, body FROM commands WHERE id = $1', [id]);
      return row && read(row);
    },
    put: async (command) => {
      await sql.run(
        `INSERT INTO commands (id, device, state, created_at, body) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body`,
        [command.id, command.device, command.state, command.createdAt, JSON.stringify(command)],
      );
    },
    inState: async (state: CommandState, limit, after) => {
      const rows = await sql.all<Row>(
        `SELECT id, created_at, body FROM commands WHERE state = $1 AND (created_at, id) > ($2, $3)
         ORDER BY created_at, id LIMIT $4`,
        [state, after?.createdAt ?? 0, after?.id ?? '', limit],
      );
      return rows.map(read);
    },
    list: async ({ device }, { limit, cursor }) => {
      const where = new Where();
      where.equal('device', device);
      where.after(['created_at', 'id'], readCursor(cursor, 'ns'), 'DESC');
      const rows = await sql.all<Row>(
        `SELECT id, created_at, body FROM commands ${where}
         ORDER BY created_at DESC, id DESC LIMIT ${where.bind(limit + 1)}`,
        where.values,
      );
      return pageOf(rows, limit, read, (row) => [row.created_at, row.id]);
    },
    deleteBefore: (at) => sql.run("DELETE FROM commands WHERE created_at < $1 AND state <> 'queued'", [at]),
  };
}
