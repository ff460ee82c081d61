/** Sources over a real log and registry in a folder of their own, with two municipalities and a door that keeps what comes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { expect } from 'vitest';
import { openLmdbLog } from '../../../../engines/log/open-lmdb-log.ts';
import { openSqliteRegistry } from '../../../../engines/registry/sqlite-registry.ts';
import { SETTINGS, settingsFault } from '../../../../knowledge/sources/settings.ts';
import type { Source } from '../../../../model/source.ts';
import type { ForwardedUplink } from '../../../../model/uplink.ts';
import { createLogger } from '../../../../ops/logger.ts';
import { createMetrics } from '../../../../ops/metrics.ts';
import { PlatformAlerts } from '../../../../ops/platform-alerts.ts';
import { DirectoryCache } from '../../../../pipeline/directory-cache.ts';
import { createSources, type Sources, type SourcesOptions } from '../sources.ts';

/** A minute lasts this long, and a first retry half as long, ms. */
const MINUTE_MS = 200;

export type SourcesWorld = Awaited<ReturnType<typeof openSourcesWorld>>;

export async function openSourcesWorld() {
  const dir = await mkdtemp(join(tmpdir(), 'sansevaerk-sources-'));
  const logger = createLogger('silent');
  const metrics = createMetrics();
  const ops = { logger, metrics, alerts: new PlatformAlerts(logger, metrics) };
  const log = await openLmdbLog({ dir: join(dir, 'log'), logger });
  const registry = await openSqliteRegistry({ file: join(dir, 'r.sqlite'), sealKey: Buffer.alloc(32, 7), logger });
  const directory = new DirectoryCache(registry.directory);
  for (const id of ['egeby', 'bogeby']) await registry.organisations.put({ id, name: id, kind: 'municipality' });

  const forwarded: ForwardedUplink[] = [];
  const door = {
    /** Thrown instead of taking anything while it stands. */
    broken: undefined as Error | undefined,
    async acceptForwarded(uplinks: readonly ForwardedUplink[]): Promise<void> {
      if (door.broken) throw door.broken;
      forwarded.push(...uplinks);
    },
  };
  let sources: Sources | undefined;
  const start = async (more: Partial<SourcesOptions> = {}): Promise<Sources> => {
    // A process of its own has metrics of its own.
    const own = createMetrics();
    sources = createSources({
      registry,
      directory,
      door,
      log,
      ops: { ...ops, metrics: own, alerts: new PlatformAlerts(logger, own) },
      allowPrivateTargets: true,
      random: () => 0,
      times: {
        minuteMs: MINUTE_MS,
        firstRetryMs: MINUTE_MS / 2,
        mostRetryMs: MINUTE_MS,
        startSpreadMs: 0,
        broker: { firstMs: 20, mostMs: 100 },
      },
      ...more,
    });
    await sources.start();
    return sources;
  };
  return {
    ops,
    registry,
    directory,
    door,
    forwarded,
    start,
    /** What came through the door, by device, as the records in it. */
    taken(): { device: string; record: Record<string, unknown> }[] {
      return forwarded.flatMap(({ device, payload }) => {
        const records = JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>[];
        return records.map((record) => ({ device, record }));
      });
    },
    /** Stored as the API would, after the same checks. */
    async put(id: string, kind: Source['kind'], settings: object, more: Partial<Source> = {}): Promise<Source> {
      const complete = Value.Default(SETTINGS[kind], structuredClone(settings)) as Source['settings'];
      expect([...Value.Errors(SETTINGS[kind], complete)]).toEqual([]);
      expect(settingsFault(kind, complete)).toBeUndefined();
      const source: Source = { id, owner: 'egeby', name: id, kind, enabled: true, settings: complete, ...more };
      await registry.sources.put(source);
      await sources?.changed();
      return source;
    },
    async device(id: string, { owner = 'egeby', asset }: { owner?: string; asset?: string } = {}): Promise<void> {
      await registry.devices.put({
        id,
        owner,
        model: 'generic-json',
        connection: { kind: 'http' },
        assignments: asset === undefined ? [] : [{ asset, from: 0 }],
        registeredAt: 0,
      });
      await directory.refresh();
    },
    async asset(id: string, externalIds: Record<string, string>, owner = 'egeby'): Promise<void> {
      const type = 'waste-container';
      const rest = { attributes: {}, sharing: 'internal', tags: [], createdAt: 0 } as const;
      await registry.assets.put({ id, owner, operator: owner, type, name: id, externalIds, ...rest, tags: [] });
      await directory.refresh();
    },
    async close(): Promise<void> {
      await sources?.stop();
      await registry.close();
      await log.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Waits until it is so. */
export function soon<T>(look: () => T) {
  return expect.poll(look, { timeout: 10_000, interval: 10 });
}
