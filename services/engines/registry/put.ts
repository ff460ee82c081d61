/** Replacing an entity that is kept whole as JSON: what was there, whether anybody was quicker, whether anything changes. */
import { Rejected } from '../../model/errors.ts';
import { etagOf } from '../../model/etag.ts';
import type { PutOptions } from '../../model/registry.ts';
import type { SqlSession } from './sql.ts';

type Table = 'organisations' | 'assets' | 'devices' | 'rules';

/**
 * Compares with what is stored, and calls `write` with the JSON where that differs.
 * @throws Rejected `changed-meanwhile` when `expected` is not what is stored
 */
export async function putBody(
  tx: SqlSession,
  { table, id, entity, options }: { table: Table; id: string; entity: object; options: PutOptions | undefined },
  write: (body: string) => Promise<void>,
): Promise<'created' | 'replaced'> {
  const row = await tx.get<{ body: string }>(`SELECT body FROM ${table} WHERE id = $1`, [id]);
  const expected = options?.expected;
  if (expected !== undefined && expected !== (row ? etagOf(JSON.parse(row.body)) : null))
    throw new Rejected('changed-meanwhile', `${id}: somebody else has changed it since it was read; read it again`);
  const body = JSON.stringify(entity);
  // The same call twice changes nothing, and wakes nobody.
  if (row?.body !== body) await write(body);
  return row ? 'replaced' : 'created';
}
