/** What is asked of the thread that evaluates mappings, and what it answers. Plain data. */

export interface MapperJob {
  id: number;
  /** JSONata, by the names the answer has them under. */
  expressions: Readonly<Record<string, string>>;
  /** JSON. */
  input: string;
  /** For `$name` in the expressions. */
  bindings: Readonly<Record<string, unknown>>;
}

export type MapperAnswer =
  | {
      id: number;
      /** Each result as JSON; `undefined` for no result. */
      results: Record<string, string | undefined>;
    }
  | {
      id: number;
      error: string;
      /** It used up its time: JSONata D1012. */
      ranAway?: boolean;
    };

/** What the thread is started with. */
export interface MapperSetting {
  /** Of one expression, ms. JSONata looks at the clock between its steps. */
  evaluationMs: number;
}

/** As above, where nothing else is said. */
export const EVALUATION_MS = 2_000;
/** Of input and output, bytes or characters. */
export const MOST_TEXT = 5 * 1024 * 1024;
