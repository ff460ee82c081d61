/** What the connectors of sources tell and do for others: the port between the role that runs them and the API. */
import type { ConnectionState } from './connection-state.ts';
import type { Source } from './source.ts';

export interface SourceState extends ConnectionState {
  /** Since the process started: records handed on, those that could not be used, and of the former those of unregistered devices. */
  records: number;
  unusable: number;
  unknown: number;
  /** Of one that is asked; epoch ms. */
  lastRunAt?: number;
  nextRunAt?: number;
}

export interface TestedRecord {
  /** As the vendor calls it. */
  vendorId: string;
  /** Under which of our ids its values would be filed. */
  device: string;
  /** That device is registered, and the source may speak for it. */
  known: boolean;
  /** Epoch ms. */
  time?: number;
  values: Record<string, number | string | boolean>;
}

/** What a source would make of a message, nothing of it stored. */
export interface SourceTest {
  /** The first hundred. */
  records: TestedRecord[];
  /** Of all. */
  found: number;
  unusable: number;
  problems: string[];
  /** Of a dry request: what came back, its first 4,000 characters. */
  answer?: { status: number; bytes: number; text: string };
}

export interface Pushed {
  records: number;
  unusable: number;
  /** Of the records those of unregistered devices. */
  unknown: number;
  problems: string[];
}

export interface SourceRunner {
  /** `undefined` for one that is not known (yet). */
  state(id: string): SourceState | undefined;
  /** Sources were added, changed or removed. Resolves when what runs is what is registered. */
  changed(): Promise<void>;
  /** Asks a vendor's cloud at once; false for a source that is not asked, or not enabled. */
  run(id: string): boolean;
  /**
   * `sample`: a message as text, on `topic` where it is one of MQTT. Without one a dry request is made.
   * @throws Rejected `invalid-input` when there is nothing to test with, `mapping-failed`, or `source-failed` with what
   *         the other side said.
   */
  test(source: Source, what: { sample?: string; topic?: string }): Promise<SourceTest>;
  /**
   * Resolves when all that could be used is durable.
   * @throws Rejected `unauthenticated`, `mapping-failed`, or `invalid-input` when nothing could be used; Unavailable.
   */
  push(id: string, message: { token: string; body: Uint8Array; idempotencyKey?: string }): Promise<Pushed>;
}
