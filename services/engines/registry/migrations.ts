/** The tables, as an append-only list of steps: what has been released is never edited, only followed by another step. */
import type { Sql } from './sql.ts';

export interface Migration {
  name: string;
  statements: readonly string[];
}

// `body` is the whole entity as JSON; the other columns repeat what is searched, sorted or changed on its own.
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'first tables',
    statements: [
      // One row for each entity that ever changed, with the version of its last change: the feed compacts itself.
      'CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)',
      "INSERT INTO counters (name, value) VALUES ('directory', 1), ('directory-floor', 0)",
      `CREATE TABLE changes (kind TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, deleted INTEGER NOT NULL,
         PRIMARY KEY (kind, id))`,
      'CREATE UNIQUE INDEX changes_version ON changes (version)',
      'CREATE TABLE organisations (id TEXT PRIMARY KEY, sort_key TEXT NOT NULL, body TEXT NOT NULL)',
      'CREATE INDEX organisations_order ON organisations (sort_key, id)',
      `CREATE TABLE assets (id TEXT PRIMARY KEY, owner TEXT NOT NULL, operator TEXT NOT NULL, type TEXT NOT NULL,
         sharing TEXT NOT NULL, search TEXT NOT NULL, sort_key TEXT NOT NULL, west DOUBLE PRECISION,
         south DOUBLE PRECISION, east DOUBLE PRECISION, north DOUBLE PRECISION, body TEXT NOT NULL)`,
      'CREATE INDEX assets_order ON assets (sort_key, id)',
      'CREATE INDEX assets_owner ON assets (owner, sort_key, id)',
      'CREATE INDEX assets_operator ON assets (operator, sort_key, id)',
      'CREATE INDEX assets_type ON assets (type, sort_key, id)',
      'CREATE TABLE asset_tags (asset TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (tag, asset))',
      'CREATE INDEX asset_tags_asset ON asset_tags (asset)',
      'CREATE TABLE devices (id TEXT PRIMARY KEY, owner TEXT NOT NULL, asset TEXT, body TEXT NOT NULL)',
      'CREATE INDEX devices_owner ON devices (owner, id)',
      'CREATE INDEX devices_asset ON devices (asset, id)',
      `CREATE TABLE credentials (device TEXT NOT NULL, hash TEXT NOT NULL, created_at BIGINT NOT NULL, used_at BIGINT,
         expires_at BIGINT, PRIMARY KEY (device, hash))`,
      `CREATE TABLE tokens (id TEXT PRIMARY KEY, organisation TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
         hash TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT, last_used_at BIGINT)`,
      'CREATE UNIQUE INDEX tokens_hash ON tokens (hash)',
      'CREATE TABLE rules (id TEXT PRIMARY KEY, owner TEXT NOT NULL, body TEXT NOT NULL)',
      `CREATE TABLE alerts (id TEXT PRIMARY KEY, asset TEXT NOT NULL, owner TEXT NOT NULL, operator TEXT NOT NULL,
         type TEXT NOT NULL, state TEXT NOT NULL, severity TEXT NOT NULL, raised_at BIGINT NOT NULL,
         revision BIGINT NOT NULL, body TEXT NOT NULL)`,
      'CREATE INDEX alerts_order ON alerts (raised_at, id)',
      'CREATE INDEX alerts_state ON alerts (state, raised_at, id)',
      'CREATE INDEX alerts_asset ON alerts (asset, state)',
      `CREATE TABLE rejects (uplink BIGINT PRIMARY KEY, device TEXT NOT NULL, owner TEXT NOT NULL,
         received_at BIGINT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, partial INTEGER NOT NULL,
         revision BIGINT NOT NULL, settled_at BIGINT, record TEXT NOT NULL)`,
      'CREATE INDEX rejects_device ON rejects (device, uplink)',
      'CREATE INDEX rejects_owner ON rejects (owner, uplink)',
      'CREATE INDEX rejects_received ON rejects (received_at)',
      `CREATE TABLE audit (id TEXT PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, organisation TEXT NOT NULL,
         action TEXT NOT NULL, object TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL)`,
      'CREATE INDEX audit_order ON audit (at, id)',
      'CREATE INDEX audit_organisation ON audit (organisation, at, id)',
      `CREATE TABLE outbox (id TEXT PRIMARY KEY, target TEXT NOT NULL, alert TEXT NOT NULL, body TEXT NOT NULL,
         created_at BIGINT NOT NULL, due_at BIGINT NOT NULL, attempts INTEGER NOT NULL, state TEXT NOT NULL,
         last_error TEXT)`,
      'CREATE INDEX outbox_due ON outbox (state, due_at, id)',
      'CREATE INDEX outbox_order ON outbox (created_at, id)',
      'CREATE INDEX outbox_alert ON outbox (alert)',
      `CREATE TABLE targets (id TEXT PRIMARY KEY, organisation TEXT NOT NULL, secret TEXT, body TEXT NOT NULL)`,
      'CREATE INDEX targets_organisation ON targets (organisation, id)',
    ],
  },
  {
    name: 'orders that follow from a change',
    statements: ['CREATE TABLE orders (place BIGINT PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL)'],
  },
  {
    name: 'network servers, sources, gateways, codecs and device models',
    statements: [
      'CREATE TABLE network_servers (id TEXT PRIMARY KEY, owner TEXT NOT NULL, secret TEXT, body TEXT NOT NULL)',
      'CREATE TABLE sources (id TEXT PRIMARY KEY, owner TEXT NOT NULL, secret TEXT, body TEXT NOT NULL)',
      'CREATE TABLE gateways (id TEXT PRIMARY KEY, owner TEXT NOT NULL, body TEXT NOT NULL)',
      'CREATE TABLE codecs (id TEXT PRIMARY KEY, owner TEXT NOT NULL, body TEXT NOT NULL)',
      `CREATE TABLE codec_versions (id TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
         PRIMARY KEY (id, version))`,
      'CREATE TABLE device_models (id TEXT PRIMARY KEY, owner TEXT NOT NULL, body TEXT NOT NULL)',
      'CREATE INDEX rejects_unknown ON rejects (reason, device, uplink)',
    ],
  },
  {
    name: 'OS2iot: devices by their secret, and what its data target sends',
    statements: [
      'CREATE INDEX credentials_hash ON credentials (hash)',
      `CREATE TABLE os2iot_feed (place BIGINT PRIMARY KEY, owner TEXT NOT NULL, device TEXT NOT NULL, label TEXT NOT NULL,
         received_at BIGINT NOT NULL, body TEXT NOT NULL)`,
      'CREATE INDEX os2iot_feed_device ON os2iot_feed (owner, device, place)',
      'CREATE INDEX os2iot_feed_received ON os2iot_feed (received_at)',
    ],
  },
  {
    name: 'commands to devices',
    statements: [
      `CREATE TABLE commands (id TEXT PRIMARY KEY, device TEXT NOT NULL, state TEXT NOT NULL, created_at BIGINT NOT NULL,
         body TEXT NOT NULL)`,
      'CREATE INDEX commands_device ON commands (device, created_at, id)',
      'CREATE INDEX commands_state ON commands (state, created_at, id)',
    ],
  },
];

/**
 * Brings the tables up to date; each step is one transaction. `backup` is called with the version found before the
 * first step that changes existing tables.
 * @throws Error when the tables were made by a newer version: reading them would be guessing.
 */
export async function migrate(
  sql: Sql,
  migrations: readonly Migration[],
  backup: (version: number) => Promise<void>,
): Promise<void> {
  await sql.run(
    'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)',
  );
  const row = await sql.get<{ version: number | null }>('SELECT MAX(version) AS version FROM migrations');
  const found = row?.version ?? 0;
  if (found > migrations.length)
    throw new Error(`registry: made by a newer version (tables ${found}, this version knows ${migrations.length})`);
  if (found > 0 && found < migrations.length) await backup(found);
  for (const [i, { name, statements }] of migrations.entries()) {
    const version = i + 1;
    if (version <= found) continue;
    await sql.transaction(async (tx) => {
      for (const statement of statements) await tx.run(statement);
      await tx.run('INSERT INTO migrations (version, name, applied_at) VALUES ($1, $2, $3)', [
        version,
        name,
        Date.now(),
      ]);
    });
  }
}
