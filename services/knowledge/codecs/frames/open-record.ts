/**
 * The record that the values of a frame go to, begun at the first of them: a frame without measurements (a start-up message,
 * the answer to a command) is no record, and so no fault either.
 */
import type { RejectReason } from '../../../model/reject.ts';
import type { RecordSink } from '../format.ts';

export class OpenRecord {
  #sink: RecordSink;
  #time: number | undefined;
  #relative = false;
  #begun = false;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  /** What comes next was measured at `time`, epoch ms; `undefined`: now. As for `RecordSink.record`. */
  at(time: number | undefined, relative = false): void {
    if (time === this.#time && relative === this.#relative) return;
    this.#time = time;
    this.#relative = relative;
    this.#begun = false;
  }

  value(key: string, value: number): void {
    if (!this.#begun) {
      this.#begun = true;
      this.#sink.record(this.#time, this.#relative);
    }
    this.#sink.value(key, value);
  }

  bad(reason: RejectReason, detail: string): void {
    this.#sink.bad(reason, detail);
  }
}
