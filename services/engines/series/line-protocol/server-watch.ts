/**
 * Whether the server answers, as writing and asking find out: one line in the log when an outage begins and one when it is
 * over, and the platform alert `series-server`, which makes `/readyz` say so.
 */
import type { SeriesLogger } from '../meaning.ts';
import { messageOf } from './failures.ts';

/** As ops/platform-alerts.ts has it. */
export interface SeriesAlerts {
  raise(name: string, detail: string): void;
  clear(name: string): void;
}

export interface ServerWatchParts {
  /** For messages. */
  server: string;
  logger: SeriesLogger;
  alerts: SeriesAlerts;
}

/** Each is well or not for itself: a server may answer questions and take no points. */
export type Side = 'writing' | 'asking';

const ALERT = 'series-server';
// A server that restarts, or a request that was lost, is tried again without a word to anybody but the log.
const ALERT_MS = 2000;

export class ServerWatch {
  #parts: ServerWatchParts;
  #failing = new Set<Side>();
  #since: number | undefined;

  constructor(parts: ServerWatchParts) {
    this.#parts = parts;
  }

  /** An attempt failed and is made again; `forMs`: how long it has been tried. */
  again(side: Side, error: unknown, forMs: number): void {
    this.#begin(error);
    if (forMs >= ALERT_MS) this.#raise(side, `series: ${this.#parts.server}: ${messageOf(error)}`);
  }

  /** It was given up for now. */
  failed(side: Side, error: unknown): void {
    this.#begin(error);
    this.#raise(side, messageOf(error));
  }

  well(side: Side): void {
    this.#failing.delete(side);
    if (this.#failing.size > 0) return;
    const { server, logger, alerts } = this.#parts;
    alerts.clear(ALERT);
    if (this.#since === undefined) return;
    const seconds = Math.round((performance.now() - this.#since) / 100) / 10;
    this.#since = undefined;
    logger.info({ seconds }, `${server} answers again`);
  }

  #raise(side: Side, detail: string): void {
    this.#failing.add(side);
    this.#parts.alerts.raise(ALERT, detail);
  }

  #begin(error: unknown): void {
    if (this.#since !== undefined) return;
    this.#since = performance.now();
    const { server, logger } = this.#parts;
    // Without its stack, which tells of our retries and nothing of the server.
    logger.warn({ reason: messageOf(error) }, `${server} does not take or answer it; it is tried again`);
  }
}
