/** The registry on SQLite: one file, every table group, and the signal that something changed. */
import type { StoredModel } from '../../model/device-model.ts';
import type { Gateway } from '../../model/gateway.ts';
import type { NetworkServer } from '../../model/network-server.ts';
import type { Registry } from '../../model/registry.ts';
import type { Source } from '../../model/source.ts';
import { createAlerts } from './alerts.ts';
import { createAssets } from './assets.ts';
import { createAudit } from './audit.ts';
import { createChangeSignal, watchRegistry } from './change-signal.ts';
import { createCodecs } from './codecs.ts';
import { createCommands } from './commands.ts';
import { createDevices } from './devices.ts';
import { createDirectorySource, createFeed } from './directory.ts';
import { createEntities } from './entities.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { createOrders } from './orders.ts';
import { createOrganisations } from './organisations.ts';
import { createOs2iotFeed } from './os2iot-feed.ts';
import { createOutbox } from './outbox.ts';
import { createRejects } from './rejects.ts';
import { createRules } from './rules.ts';
import { openSqlite } from './sqlite.ts';
import { createTargets } from './targets.ts';
import { createTokens } from './tokens.ts';

export interface SqliteRegistryOptions {
  file: string;
  /** 32 bytes, from `loadSealKey`. */
  sealKey: Buffer;
  logger: { info(fields: object, message: string): void };
}

/**
 * Opens or creates the file and brings its tables up to date, after a backup beside it where they were older.
 * Its calls block their thread while the database works: never open it on the broker's.
 */
export async function openSqliteRegistry({ file, sealKey, logger }: SqliteRegistryOptions): Promise<Registry> {
  const sql = openSqlite(file);
  try {
    await migrate(sql, MIGRATIONS, async (version) => {
      const copy = `${file}.before-${version + 1}-${Date.now()}`;
      await sql.backup(copy);
      logger.info({ copy, version }, 'registry: older tables saved before they are changed');
    });
  } catch (cause) {
    await sql.close();
    throw new Error(`opening the registry ${file}`, { cause });
  }
  const signal = createChangeSignal(file);
  const feed = createFeed(sql, signal);
  return {
    directory: createDirectorySource(sql),
    organisations: createOrganisations({ sql, feed }),
    assets: createAssets({ sql, feed }),
    devices: createDevices({ sql, feed }),
    tokens: createTokens({ sql }),
    rules: createRules({ sql, feed }),
    alerts: createAlerts({ sql }),
    rejects: createRejects({ sql }),
    audit: createAudit({ sql }),
    orders: createOrders({ sql }),
    outbox: createOutbox({ sql }),
    targets: createTargets({ sql, sealKey }),
    networkServers: createEntities<NetworkServer>({
      sql,
      feed,
      table: 'network_servers',
      kind: 'networkServers',
      secret: { member: 'password', key: sealKey },
    }),
    sources: createEntities<Source>({ sql, feed, table: 'sources', secret: { member: 'secrets', key: sealKey } }),
    gateways: createEntities<Gateway>({ sql, feed, table: 'gateways' }),
    codecs: createCodecs({ sql, feed }),
    commands: createCommands({ sql }),
    deviceModels: createEntities<StoredModel>({ sql, feed, table: 'device_models', kind: 'deviceModels' }),
    os2iot: createOs2iotFeed({ sql }),
    watch: (listener) => watchRegistry(file, listener),
    close: async () => {
      signal.close();
      await sql.close();
    },
  };
}
