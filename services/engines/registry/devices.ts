/** Devices, their present asset and their secrets. */
import type { Device } from '../../model/device.ts';
import type { Devices } from '../../model/registry.ts';
import { addCredential, credentialUsed } from './credentials.ts';
import type { DirectoryFeed } from './directory.ts';
import { putBody } from './put.ts';
import { pageOf, readCursor, Where } from './query.ts';
import type { Sql } from './sql.ts';

export function createDevices({ sql, feed }: { sql: Sql; feed: DirectoryFeed }): Devices {
  return {
    get: async (id) => {
      const row = await sql.get<{ body: string }>('SELECT body FROM devices WHERE id = $1', [id]);
      return row && (JSON.parse(row.body) as Device); // written by put
    },
    put: (device, options) =>
      feed.change((tx, record) => {
        const { id, owner, assignments } = device;
        const present = assignments.at(-1);
        const asset = present && present.to === undefined ? present.asset : null;
        return putBody(tx, { table: 'devices', id, entity: device, options }, async (body) => {
          await tx.run(
            `INSERT INTO devices (id, owner, asset, body) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, asset = excluded.asset, body = excluded.body`,
            [id, owner, asset, body],
          );
          await record('devices', id);
        });
      }),
    delete: (id) =>
      feed.change(async (tx, record) => {
        const gone = (await tx.run('DELETE FROM devices WHERE id = $1', [id])) > 0;
        if ((await tx.run('DELETE FROM credentials WHERE device = $1', [id])) > 0)
          await record('credentials', id, true);
        if (gone) await record('devices', id, true);
        return gone;
      }),
    list: async ({ owners, asset }, { limit, cursor }) => {
      const where = new Where();
      where.oneOf('owner', owners);
      where.equal('asset', asset);
      where.after(['id'], readCursor(cursor, 's'), 'ASC');
      const rows = await sql.all<{ id: string; body: string }>(
        `SELECT id, body FROM devices ${where} ORDER BY id LIMIT ${where.bind(limit + 1)}`,
        where.values,
      );
      return pageOf(
        rows,
        limit,
        (row): Device => JSON.parse(row.body),
        (row) => [row.id],
      );
    },
    addCredential: (credential, formerExpiresAt) =>
      feed.change(async (tx, record) => {
        await addCredential(tx, credential, formerExpiresAt);
        await record('credentials', credential.device);
      }),
    ofSecret: async (hash) => {
      const row = await sql.get<{ device: string }>(
        `SELECT device FROM credentials WHERE hash = $1
         ORDER BY CASE WHEN expires_at IS NULL THEN 0 ELSE 1 END, created_at DESC LIMIT 1`,
        [hash],
      );
      return row?.device;
    },
    credentialUsed: (device, hash, at) =>
      feed.change(async (tx, record) => {
        if (await credentialUsed(tx, device, hash, at)) await record('credentials', device);
      }),
  };
}
