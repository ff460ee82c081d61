/** How one network server stands: what the API shows, the metrics count, and the one alert when it is gone. */
import type { ConnectionState } from '../../model/connection-state.ts';
import type { Text } from '../../model/rule.ts';
import type { Ops } from '../../ops/ops.ts';

export interface LinkStateOptions {
  id: string;
  name: string;
  ops: Ops;
  metrics: LinkMetrics;
  /** Epoch ms. */
  now(): number;
  /** Away so long, it is an alert; a broker that is only restarted is none. Ms. */
  awayMs: number;
  /** It has been away for too long, since then; or it is back since then. Epoch ms. */
  outage(state: 'away' | 'back', at: number): void;
  /** Standing so long, it is back: one that comes and goes is still away. Ms. */
  backMs: number;
}

export type LinkMetrics = ReturnType<typeof linkMetrics>;

/** Once a process; each network server is a label. */
export function linkMetrics({ metrics }: Ops) {
  return {
    connected: metrics.gauge('network_server_connected', 'Whether the network server is connected', ['server']),
    messages: metrics.counter('network_server_messages_total', 'Messages of network servers on disk', ['server']),
    refused: metrics.counter('network_server_refused_total', 'Messages of network servers that are never taken', [
      'server',
    ]),
    ignored: metrics.counter('network_server_ignored_total', 'Messages on topics that are not asked for any more', [
      'server',
    ]),
  };
}

const AWAY: Text = { da: 'Forbindelsen er væk.', en: 'The connection is gone.' };

export class LinkState {
  #o: LinkStateOptions;
  #state: ConnectionState;
  #away: NodeJS.Timeout | undefined;
  /** It has been away for too long, and has not stood for long enough since. */
  #isLong = false;
  #back: NodeJS.Timeout | undefined;
  #awaySince = 0;
  /** What was told of an outage last; nothing yet in this process, which may have ended in one. */
  #told: 'away' | 'back' | undefined;

  constructor(options: LinkStateOptions) {
    this.#o = options;
    this.#state = { connection: 'connecting', since: options.now(), messages: 0 };
  }

  get alertName(): string {
    return `network-server:${this.#o.id}`;
  }

  show(): ConnectionState {
    return { ...this.#state };
  }

  /** Tries for the first time: it counts as away from now on. */
  connecting(): void {
    this.#enter('connecting');
    this.#watch();
  }

  connected(): void {
    this.#enter('connected');
    this.#back ??= setTimeout(() => {
      this.#back = undefined;
      clearTimeout(this.#away);
      this.#away = undefined;
      this.#isLong = false;
      this.#outage('back', this.#state.since);
      this.#o.ops.alerts.clear(this.alertName);
    }, this.#o.backMs).unref();
  }

  failed(detail: Text): void {
    clearTimeout(this.#back);
    this.#back = undefined;
    this.#enter('failed', detail);
    this.#watch();
  }

  stored(): void {
    this.#state.messages++;
    this.#state.lastMessageAt = this.#o.now();
    this.#o.metrics.messages.inc({ server: this.#o.id });
  }

  /** Nobody waits for it any more. */
  close(): void {
    clearTimeout(this.#away);
    clearTimeout(this.#back);
    this.#outage('back', this.#o.now());
    this.#o.ops.alerts.clear(this.alertName);
    this.#o.metrics.connected.remove({ server: this.#o.id });
  }

  #enter(connection: ConnectionState['connection'], detail?: Text): void {
    const { detail: _, ...kept } = this.#state;
    const since = kept.connection === connection ? kept.since : this.#o.now();
    this.#state = { ...kept, connection, since, ...(detail && { detail }) };
    this.#o.metrics.connected.set({ server: this.#o.id }, connection === 'connected' ? 1 : 0);
  }

  #outage(state: 'away' | 'back', at: number): void {
    if (this.#told === state) return;
    this.#told = state;
    this.#o.outage(state, at);
  }

  #watch(): void {
    if (!this.#away) this.#awaySince = this.#o.now();
    this.#away ??= setTimeout(() => {
      this.#isLong = true;
      this.#outage('away', this.#awaySince);
      this.#tell();
    }, this.#o.awayMs).unref();
    this.#tell();
  }

  #tell(): void {
    if (!this.#isLong || this.#state.connection === 'connected') return;
    const { name, id, awayMs, ops } = this.#o;
    const why = (this.#state.detail ?? AWAY).en;
    ops.alerts.raise(
      this.alertName,
      `The network server ${id} (${name}) has been away for ${Math.round(awayMs / 1000)} s; its devices are not silent, we do not hear them. ${why}`,
      { outside: true },
    );
  }
}
