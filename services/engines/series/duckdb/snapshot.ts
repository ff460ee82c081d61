/** One consistent moment for a question: a view, and a transaction that began while it was current. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Core } from './core.ts';
import { readNumbers } from './sql.ts';
import type { View } from './view.ts';

export interface Snapshot {
  connection: DuckDBConnection;
  view: View;
  /** Months in which some sealed rows are dead. */
  deadMonths: ReadonlySet<number>;
}

export async function withSnapshot<T>(
  core: Core,
  connection: DuckDBConnection,
  ask: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  for (;;) {
    const view = core.views.pin();
    try {
      await connection.run('BEGIN');
      try {
        // The first statement fixes what the transaction sees. The view must be the same before and after it.
        const [dead = new Float64Array()] = await readNumbers(connection, 'SELECT DISTINCT month FROM dead');
        if (core.views.current === view) return await ask({ connection, view, deadMonths: new Set(dead) });
      } finally {
        await connection.run('ROLLBACK');
      }
    } finally {
      core.views.unpin(view);
    }
  }
}
