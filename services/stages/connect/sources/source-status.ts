/** How one source stands: what the API shows and the metrics count. */
import type { Text } from '../../../model/rule.ts';
import type { SourceState } from '../../../model/source-runner.ts';
import type { Ops } from '../../../ops/ops.ts';

export type SourceMetrics = ReturnType<typeof sourceMetrics>;

/** Once a process; each source is a label. */
export function sourceMetrics({ metrics }: Ops) {
  return {
    connected: metrics.gauge('source_connected', 'Whether the last attempt of a source succeeded', ['source']),
    messages: metrics.counter('source_messages_total', 'Answers, messages and pushes taken from a source', ['source']),
    records: metrics.counter('source_records_total', 'Records of a source by what came of them', ['source', 'outcome']),
  };
}

export interface Taken {
  records: number;
  unusable: number;
  /** Of the records those of unregistered devices. */
  unknown: number;
}

export interface SourceStatusParts {
  id: string;
  enabled: boolean;
  metrics: SourceMetrics;
  ops: Ops;
  now(): number;
  /** In vain for so long, it is one alert: its devices are not silent, we do not hear them. Ms. */
  awayMs: number;
}

export class SourceStatus {
  #id: string;
  #metrics: SourceMetrics;
  #now: () => number;
  #ops: Ops;
  #awayMs: number;
  #away: NodeJS.Timeout | undefined;
  #state: SourceState;

  constructor(parts: SourceStatusParts) {
    this.#id = parts.id;
    this.#metrics = parts.metrics;
    this.#now = parts.now;
    this.#ops = parts.ops;
    this.#awayMs = parts.awayMs;
    const connection = parts.enabled ? 'connecting' : 'off';
    this.#state = { connection, since: parts.now(), messages: 0, records: 0, unusable: 0, unknown: 0 };
  }

  show(): SourceState {
    return { ...this.#state };
  }

  /** `detail` is what somebody should look at although it works. */
  connected(detail?: Text): void {
    this.#enter('connected', detail);
    this.#back();
  }

  failed(detail: Text): void {
    this.#enter('failed', detail);
    this.#away ??= setTimeout(() => this.#tell(), this.#awayMs).unref();
  }

  took({ records, unusable, unknown }: Taken): void {
    const source = this.#id;
    const state = this.#state;
    state.messages++;
    state.lastMessageAt = this.#now();
    state.records += records;
    state.unusable += unusable;
    state.unknown += unknown;
    this.#metrics.messages.inc({ source });
    this.#metrics.records.inc({ source, outcome: 'handed-on' }, records);
    this.#metrics.records.inc({ source, outcome: 'unusable' }, unusable);
    this.#metrics.records.inc({ source, outcome: 'unknown-device' }, unknown);
  }

  ran(at: number): void {
    this.#state.lastRunAt = at;
  }

  next(at: number): void {
    this.#state.nextRunAt = at;
  }

  /** Nobody waits for it any more. */
  close(): void {
    this.#back();
    this.#metrics.connected.remove({ source: this.#id });
  }

  #back(): void {
    clearTimeout(this.#away);
    this.#away = undefined;
    this.#ops.alerts.clear(`source:${this.#id}`);
  }

  #tell(): void {
    const minutes = Math.round(this.#awayMs / 60_000);
    const why = this.#state.detail?.en ?? '';
    this.#ops.alerts.raise(
      `source:${this.#id}`,
      `The source ${this.#id} has been tried in vain for ${minutes} min; its devices are not silent, we do not hear them. ${why}`,
      { outside: true },
    );
  }

  #enter(connection: SourceState['connection'], detail?: Text): void {
    const { detail: _, ...kept } = this.#state;
    const since = kept.connection === connection ? kept.since : this.#now();
    this.#state = { ...kept, connection, since, ...(detail && { detail }) };
    this.#metrics.connected.set({ source: this.#id }, connection === 'connected' ? 1 : 0);
  }
}

/** What is told of records that could not be used. */
export function unusableText(unusable: number, problems: readonly string[]): Text | undefined {
  if (unusable === 0) return undefined;
  const first = (problems[0] ?? '').slice(0, 300);
  return {
    da: `${unusable} poster kunne ikke bruges, den første fordi: ${first}`,
    en: `${unusable} records could not be used, the first because: ${first}`,
  };
}
