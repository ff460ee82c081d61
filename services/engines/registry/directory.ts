/** The directory's source: which entities changed, written in the transaction of the change, and everything at once. */
import type { Asset } from '../../model/asset.ts';
import type { Codec } from '../../model/codec.ts';
import type { Credential, Device } from '../../model/device.ts';
import type { StoredModel } from '../../model/device-model.ts';
import type { DirectoryChanges, DirectoryEntities, DirectorySource } from '../../model/directory.ts';
import type { NetworkServer } from '../../model/network-server.ts';
import type { Organisation } from '../../model/organisation.ts';
import type { Rule } from '../../model/rule.ts';
import type { ChangeSignal } from './change-signal.ts';
import { type CredentialRow, credentialFrom } from './credentials.ts';
import { chunks } from './query.ts';
import type { Sql, SqlSession } from './sql.ts';

type Kind = keyof DirectoryEntities;
type BodyTable = 'organisations' | 'assets' | 'devices' | 'rules' | 'network_servers' | 'codecs' | 'device_models';
/** Deletions remembered one by one; who asks from before the oldest of them gets everything instead. */
const MAX_DELETIONS = 10_000;
const TIDY_EVERY = 1000;

export type RecordChange = (kind: Kind, id: string, deleted?: boolean) => Promise<void>;

/** What the table groups use to change something the directory shows. */
export interface DirectoryFeed {
  /** A transaction; what it records is announced once it is durable. */
  change<T>(work: (tx: SqlSession, record: RecordChange) => Promise<T>): Promise<T>;
}

export function createFeed(sql: Sql, signal: ChangeSignal): DirectoryFeed {
  // The first deletion after a start tidies up as well: a process may never live to see a thousand.
  let untilTidy = 1;
  return {
    change: async (work) => {
      let recorded = false;
      const result = await sql.transaction((tx) =>
        work(tx, async (kind, id, deleted = false) => {
          recorded = true;
          await recordChange(tx, kind, id, deleted);
          if (!deleted || --untilTidy > 0) return;
          untilTidy = TIDY_EVERY;
          await forgetDeletions(tx, MAX_DELETIONS);
        }),
      );
      if (recorded) signal.announce();
      return result;
    },
  };
}

async function recordChange(tx: SqlSession, kind: Kind, id: string, deleted: boolean): Promise<void> {
  // The row lock of this update makes versions appear in the order of their commits, on PostgreSQL too.
  await tx.run("UPDATE counters SET value = value + 1 WHERE name = 'directory'");
  const version = await counter(tx, 'directory');
  await tx.run(
    `INSERT INTO changes (kind, id, version, deleted) VALUES ($1, $2, $3, $4)
     ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, deleted = excluded.deleted`,
    [kind, id, version, deleted ? 1 : 0],
  );
}

/** Drops all but the newest `keep` deletions and remembers from where on the feed is still complete. */
export async function forgetDeletions(tx: SqlSession, keep: number): Promise<void> {
  const oldest = await tx.get<{ version: number }>(
    'SELECT version FROM changes WHERE deleted = 1 ORDER BY version DESC LIMIT 1 OFFSET $1',
    [keep],
  );
  if (!oldest) return;
  await tx.run('DELETE FROM changes WHERE deleted = 1 AND version <= $1', [oldest.version]);
  await tx.run("UPDATE counters SET value = $1 WHERE name = 'directory-floor'", [oldest.version]);
}

export function createDirectorySource(sql: Sql): DirectorySource {
  return {
    changes: (since) =>
      sql.snapshot(async (tx) => {
        const version = await counter(tx, 'directory');
        if (since === version) return { version, changed: noEntities(), deleted: [] };
        // A version from the future: the registry was restored from a backup under a reader that went on.
        if (since <= 0 || since > version || since < (await counter(tx, 'directory-floor')))
          return { version, full: true, changed: await everything(tx), deleted: [] };
        return { version, ...(await changedAfter(tx, since)) };
      }),
  };
}

async function counter(tx: SqlSession, name: string): Promise<number> {
  const row = await tx.get<{ value: number }>('SELECT value FROM counters WHERE name = $1', [name]);
  return row?.value ?? 0;
}

function noEntities(): DirectoryEntities {
  return {
    organisations: [],
    assets: [],
    devices: [],
    credentials: [],
    rules: [],
    networkServers: [],
    codecs: [],
    deviceModels: [],
  };
}

async function everything(tx: SqlSession): Promise<DirectoryEntities> {
  return {
    organisations: await bodies<Organisation>(tx, 'organisations'),
    assets: await bodies<Asset>(tx, 'assets'),
    devices: await bodies<Device>(tx, 'devices'),
    credentials: await credentialsOf(tx),
    rules: await bodies<Rule>(tx, 'rules'),
    networkServers: await bodies<NetworkServer>(tx, 'network_servers'),
    codecs: await bodies<Codec>(tx, 'codecs'),
    deviceModels: await bodies<StoredModel>(tx, 'device_models'),
  };
}

async function changedAfter(tx: SqlSession, since: number): Promise<Pick<DirectoryChanges, 'changed' | 'deleted'>> {
  const rows = await tx.all<{ kind: Kind; id: string; deleted: number }>(
    'SELECT kind, id, deleted FROM changes WHERE version > $1 ORDER BY version',
    [since],
  );
  const deleted = rows.filter((row) => row.deleted === 1).map(({ kind, id }) => ({ kind, id }));
  const ids = (kind: Kind): string[] => rows.filter((row) => row.kind === kind && row.deleted === 0).map((r) => r.id);
  const changed: DirectoryEntities = {
    organisations: await bodies<Organisation>(tx, 'organisations', ids('organisations')),
    assets: await bodies<Asset>(tx, 'assets', ids('assets')),
    devices: await bodies<Device>(tx, 'devices', ids('devices')),
    credentials: await credentialsOf(tx, ids('credentials')),
    rules: await bodies<Rule>(tx, 'rules', ids('rules')),
    networkServers: await bodies<NetworkServer>(tx, 'network_servers', ids('networkServers')),
    codecs: await bodies<Codec>(tx, 'codecs', ids('codecs')),
    deviceModels: await bodies<StoredModel>(tx, 'device_models', ids('deviceModels')),
  };
  return { changed, deleted };
}

async function bodies<T>(tx: SqlSession, table: BodyTable, ids?: string[]): Promise<T[]> {
  const rows: { body: string }[] = [];
  if (!ids) rows.push(...(await tx.all<{ body: string }>(`SELECT body FROM ${table}`)));
  for (const part of chunks(ids ?? [], 500)) {
    const marks = part.map((_, i) => `$${i + 1}`).join(', ');
    for (const row of await tx.all<{ body: string }>(`SELECT body FROM ${table} WHERE id IN (${marks})`, part))
      rows.push(row);
  }
  // Written by the table's own `put`; one long array is parsed faster than as many short texts.
  return JSON.parse(`[${rows.map((row) => row.body).join(',')}]`) as T[];
}

async function credentialsOf(tx: SqlSession, devices?: string[]): Promise<Credential[]> {
  const columns = 'device, hash, created_at, used_at, expires_at';
  if (!devices)
    return (await tx.all<CredentialRow>(`SELECT ${columns} FROM credentials ORDER BY created_at DESC`)).map(
      credentialFrom,
    );
  const found: Credential[] = [];
  for (const part of chunks(devices, 500)) {
    const marks = part.map((_, i) => `$${i + 1}`).join(', ');
    const rows = await tx.all<CredentialRow>(
      `SELECT ${columns} FROM credentials WHERE device IN (${marks}) ORDER BY created_at DESC`,
      part,
    );
    for (const row of rows) found.push(credentialFrom(row));
  }
  return found;
}
