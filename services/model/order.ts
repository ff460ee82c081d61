/** Work orders for decode, appended by api to the `orders` stream. */
export type Order =
  /**
   * Try a reject again; its `record` comes along because the log may have forgotten the uplink. `revision` is that of this
   * attempt, one more than the reject's; `partial` is the reject's, so that the ledger moves the right count.
   */
  | { kind: 'replay'; uplink: number; revision: number; record: string; partial?: boolean }
  /** Derive the derived quantities of an asset again from stored raw values, after an attribute was corrected. */
  | { kind: 'derive'; asset: string; from: number; to: number };
