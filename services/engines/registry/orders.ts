/** Orders that follow from a change, from its transaction until the log has them. */
import type { PendingOrder, PendingOrders } from '../../model/registry.ts';
import type { Sql, SqlSession } from './sql.ts';

export function createOrders({ sql }: { sql: Sql }): PendingOrders {
  return {
    list: async (limit) => {
      const rows = await sql.all<{ id: string; body: string }>('SELECT id, body FROM orders ORDER BY place LIMIT $1', [
        limit,
      ]);
      return rows.map(({ id, body }) => ({ id, order: JSON.parse(body) })); // written by addOrder
    },
    done: async (ids) => {
      if (ids.length === 0) return;
      await sql.transaction(async (tx) => {
        for (const id of ids) await tx.run('DELETE FROM orders WHERE id = $1', [id]);
      });
    },
  };
}

/** Within the transaction of the change it follows from. */
export async function addOrder(tx: SqlSession, { id, order }: PendingOrder): Promise<void> {
  await tx.run('INSERT INTO orders (place, id, body) SELECT COALESCE(MAX(place), 0) + 1, $1, $2 FROM orders', [
    id,
    JSON.stringify(order),
  ]);
}
