/** What the platform has to say about itself: a stage stopped, the disk is full, a clock jumped. One alert a name. */
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export interface PlatformAlert {
  name: string;
  detail: string;
  since: number;
  count: number;
  /** What is wrong is somebody else's: this process is ready for work all the same. */
  outside: boolean;
}

/** Kept in memory on purpose: it must work when the disk does not. */
export class PlatformAlerts {
  #standing = new Map<string, PlatformAlert>();
  #logger: Logger;
  #metrics: Metrics;

  constructor(logger: Logger, metrics: Metrics) {
    this.#logger = logger;
    this.#metrics = metrics;
  }

  raise(name: string, detail: string, { outside = false }: { outside?: boolean } = {}): void {
    const standing = this.#standing.get(name);
    if (standing) {
      standing.count++;
      standing.detail = detail;
      return;
    }
    this.#standing.set(name, { name, detail, since: Date.now(), count: 1, outside });
    this.#metrics.platformAlert.set({ name }, 1);
    this.#logger.error({ alert: name }, detail);
  }

  clear(name: string): void {
    if (!this.#standing.delete(name)) return;
    this.#metrics.platformAlert.set({ name }, 0);
    this.#logger.info({ alert: name }, 'platform alert cleared');
  }

  list(): PlatformAlert[] {
    return [...this.#standing.values()];
  }
}
