/** Assets: found by owner, type, tag, words and place, in Danish order. */
import type { Asset } from '../../model/asset.ts';
import type { AssetFilter, Assets } from '../../model/registry.ts';
import { boundsOf } from './bounds.ts';
import { danishSortKey, foldText } from './danish.ts';
import type { DirectoryFeed } from './directory.ts';
import { addOrder } from './orders.ts';
import { putBody } from './put.ts';
import { pageOf, readCursor, Where } from './query.ts';
import type { Sql, SqlSession } from './sql.ts';

export function createAssets({ sql, feed }: { sql: Sql; feed: DirectoryFeed }): Assets {
  return {
    get: async (id) => {
      const row = await sql.get<{ body: string }>('SELECT body FROM assets WHERE id = $1', [id]);
      return row && (JSON.parse(row.body) as Asset); // written by put
    },
    put: (asset, options) =>
      feed.change((tx, record) =>
        putBody(tx, { table: 'assets', id: asset.id, entity: asset, options }, async (body) => {
          await write(tx, asset, body);
          await record('assets', asset.id);
          if (options?.order) await addOrder(tx, options.order);
        }),
      ),
    delete: (id) =>
      feed.change(async (tx, record) => {
        const gone = (await tx.run('DELETE FROM assets WHERE id = $1', [id])) > 0;
        await tx.run('DELETE FROM asset_tags WHERE asset = $1', [id]);
        if (gone) await record('assets', id, true);
        return gone;
      }),
    list: async (filter, { limit, cursor }) => {
      const where = conditions(filter);
      where.after(['sort_key', 'id'], readCursor(cursor, 'ss'), 'ASC');
      const rows = await sql.all<{ id: string; sort_key: string; body: string }>(
        `SELECT id, sort_key, body FROM assets ${where} ORDER BY sort_key, id LIMIT ${where.bind(limit + 1)}`,
        where.values,
      );
      return pageOf(
        rows,
        limit,
        (row): Asset => JSON.parse(row.body),
        (row) => [row.sort_key, row.id],
      );
    },
  };
}

function conditions(filter: AssetFilter): Where {
  const where = new Where();
  where.visible(filter.visible, 'owner', 'operator', 'sharing');
  where.equal('owner', filter.owner);
  where.equal('operator', filter.operator);
  where.equal('type', filter.type);
  where.oneOf('id', filter.ids);
  if (filter.tag !== undefined) where.and(`id IN (SELECT asset FROM asset_tags WHERE tag = ${where.bind(filter.tag)})`);
  for (const word of foldText(filter.q ?? '').split(/\s+/)) {
    if (word === '') continue;
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    where.and(`search LIKE ${where.bind(pattern)} ESCAPE '\\'`);
  }
  if (filter.bbox) {
    const [west, south, east, north] = filter.bbox;
    where.and(`west <= ${where.bind(east)} AND east >= ${where.bind(west)}`);
    where.and(`south <= ${where.bind(north)} AND north >= ${where.bind(south)}`);
  }
  return where;
}

async function write(tx: SqlSession, asset: Asset, body: string): Promise<void> {
  const { id, owner, operator, type, sharing, name, externalIds, tags } = asset;
  const bounds = boundsOf(asset.location);
  const search = [name, id, ...Object.values(externalIds)].map(foldText).join('\n');
  await tx.run(
    `INSERT INTO assets (id, owner, operator, type, sharing, search, sort_key, west, south, east, north, body)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, operator = excluded.operator, type = excluded.type,
       sharing = excluded.sharing, search = excluded.search, sort_key = excluded.sort_key, west = excluded.west,
       south = excluded.south, east = excluded.east, north = excluded.north, body = excluded.body`,
    [
      id,
      owner,
      operator,
      type,
      sharing,
      search,
      danishSortKey(name),
      bounds?.west ?? null,
      bounds?.south ?? null,
      bounds?.east ?? null,
      bounds?.north ?? null,
      body,
    ],
  );
  await tx.run('DELETE FROM asset_tags WHERE asset = $1', [id]);
  for (const tag of new Set(tags)) await tx.run('INSERT INTO asset_tags (asset, tag) VALUES ($1, $2)', [id, tag]);
}
