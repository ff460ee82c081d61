/** The platform under load: registered devices, the load on them, and the books afterwards. */
import { eventually, type Platform, register, startPlatform } from '../../lib/platform.ts';
import type { LoadResult } from './mqtt-load.ts';
import { type LoadTask, spawnLoad } from './mqtt-load-process.ts';
import { READING_VALUES } from './reading-template.ts';
import type { Count } from './result.ts';

export const DEVICE_PREFIX = 'device-';
const DRAIN_MS = 600_000;
const HALF_A_DAY = 12 * 3_600_000;

type Load = Pick<LoadTask, 'connections' | 'inFlight' | 'messages' | 'seconds' | 'rate'>;

interface Ledger {
  accepted: number;
  pending: number;
  storePending: number;
  rejected: number;
  readings: number;
}

export class LoadedPlatform {
  readonly platform: Platform;
  #passwords: readonly string[];
  #firstTime: number;
  #from: number;
  #acked = 0;

  private constructor(platform: Platform, passwords: readonly string[]) {
    this.platform = platform;
    this.#passwords = passwords;
    this.#from = Date.now() - HALF_A_DAY;
    this.#firstTime = this.#from;
  }

  /** Starts one with `devices` waste containers, each with a device that may publish as fast as it can. */
  static async start(
    devices: number,
    options: { dir?: string; env?: Record<string, string> } = {},
  ): Promise<LoadedPlatform> {
    const { dir, env } = options;
    const platform = await startPlatform({
      ...(dir === undefined ? {} : { dir }),
      env: { SANSEVAERK_DEVICE_RATE: 'off', ...env },
    });
    const ids = Array.from({ length: devices }, (_, n) => `${DEVICE_PREFIX}${n}`);
    const secrets = await register(platform, ids);
    return new LoadedPlatform(
      platform,
      ids.map((id) => secrets.get(id) ?? ''),
    );
  }

  /** Publishes with QoS 1; every message of a device has a time of its own, also between loads. */
  async load(load: Load): Promise<LoadResult> {
    const result = await spawnLoad({
      host: '127.0.0.1',
      port: this.platform.mqttPort,
      qos: 1,
      login: { prefix: DEVICE_PREFIX, passwords: this.#passwords },
      firstTime: this.#firstTime,
      ...load,
    });
    this.#acked += result.acked;
    this.#firstTime += result.sent; // no device has sent more than all together
    return result;
  }

  /** Counts an uplink that did not come through `load`. */
  countAcked(uplinks: number): void {
    this.#acked += uplinks;
  }

  ledger(): Promise<Ledger> {
    return this.platform.api<Ledger>('GET', '/ledger');
  }

  /** Resolves when everything acknowledged is decoded and stored. */
  async drained(): Promise<void> {
    await eventually(
      () => this.ledger(),
      (l) => l.accepted >= this.#acked && l.pending === 0 && l.storePending === 0,
      DRAIN_MS,
    );
  }

  /** Uplinks acknowledged, stored (by the ledger, beyond `before` readings) and to be had through the API. */
  async count(before = 0): Promise<Count> {
    const { readings } = await this.ledger();
    return {
      acked: this.#acked,
      stored: (readings - before) / READING_VALUES,
      queryable: await this.#queryable('fillingLevel'),
    };
  }

  async #queryable(quantity: string): Promise<number> {
    const query = new URLSearchParams({
      owner: 'testby',
      quantity,
      from: String(this.#from),
      to: String(this.#firstTime + HALF_A_DAY),
      window: '1d',
      aggregate: 'count',
      by: 'owner',
    });
    const { groups } = await this.platform.api<{ groups: { points: [string, number][] }[] }>(
      'GET',
      `/readings?${query}`,
    );
    return groups.flatMap((g) => g.points).reduce((sum, [, n]) => sum + n, 0);
  }
}
