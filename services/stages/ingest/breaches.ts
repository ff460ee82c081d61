/** Everything the front door refuses: counted by reason, with one audit line each, and never more lines than we can keep. */
import type { AuditEntry } from '../../model/registry.ts';
import type { IngestMetrics } from './ingest-metrics.ts';

export type AuditLine = Omit<AuditEntry, 'id'>;

export interface Breach {
  /** Short and stable: the label of the metric. */
  reason: string;
  /** Device or address it came from. */
  actor: string;
  /** Owner of the device, empty where nobody is known. */
  organisation?: string;
  /** What it was about: a topic, a packet type. */
  object?: string;
  detail?: string;
}

/** Lines at once, and lines a second after that: an attack must not fill the registry. */
const BURST = 50;
const PER_SECOND = 5;
const MAX_TEXT = 200;
/** Ordinary life of a network, or our own doing: worth a figure, not a line. */
const NOT_AUDITED = new Set(['unavailable', 'keep-alive']);

export class Breaches {
  #audit: (line: AuditLine) => void;
  #metrics: IngestMetrics;
  #now: () => number;
  #tokens = BURST;
  #filledAt = 0;
  #unwritten = 0;

  constructor(options: { audit(line: AuditLine): void; metrics: IngestMetrics; now(): number }) {
    this.#audit = (line) => options.audit(line);
    this.#metrics = options.metrics;
    this.#now = () => options.now();
    this.#filledAt = this.#now();
  }

  report({ reason, actor, organisation = '', object = '', detail = '' }: Breach): void {
    this.#metrics.refused.inc({ reason });
    if (NOT_AUDITED.has(reason)) return;
    const now = this.#now();
    const filled = this.#tokens + (Math.max(0, now - this.#filledAt) / 1000) * PER_SECOND;
    this.#tokens = Math.min(BURST, filled);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      this.#unwritten++;
      return;
    }
    this.#tokens--;
    const missing = this.#unwritten > 0 ? ` (${this.#unwritten} more since the last line)` : '';
    this.#unwritten = 0;
    this.#audit({
      at: now,
      actor: printable(actor),
      organisation,
      action: `ingest.${reason}`,
      object: printable(object),
      outcome: 'denied',
      detail: printable(detail) + missing,
    });
  }
}

/** What a stranger sent, fit for a log: no control characters, bounded. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what we replace
  return text.slice(0, MAX_TEXT).replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
}
