/** Why a source could not do its work: a sentence for somebody who can mend it, and when to try again. */
import type { Text } from '../../../model/rule.ts';

export interface FaultTiming {
  /** Waiting may help; otherwise somebody has to change something. */
  again: boolean;
  /** What the other side asked us to wait, ms. */
  afterMs?: number;
}

export class SourceFault extends Error {
  override readonly name = 'SourceFault';
  readonly text: Text;
  readonly again: boolean;
  readonly afterMs: number;

  constructor(text: Text, { again, afterMs = 0 }: FaultTiming, options?: ErrorOptions) {
    super(text.en, options);
    this.text = short(text);
    this.again = again;
    this.afterMs = afterMs;
  }
}

function short({ da, en }: Text): Text {
  return { da: da.slice(0, 500), en: en.slice(0, 500) };
}
