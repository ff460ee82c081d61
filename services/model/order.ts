/** Work orders for decode, appended by api to the `orders` stream. */
export type Order =
  /**
   * Try a reject again; its `record` comes along because the log may have forgotten the uplink. `revision` is that of this
   * attempt, one more than the reject's; `partial` is the reject's, so that the ledger moves the right count.
   */
  | { kind: 'replay'; uplink: number; revision: number; record: string; partial?: boolean }
  /** Derive the derived quantities of an asset again from stored raw values, after an attribute was corrected. */
  | { kind: 'derive'; asset: string; from: number; to: number }
  /**
   * Read the stored frames of these devices (all that use the codec, when absent) again with the codec's present version.
   * `from` and `to` are receipt times; `id` names the job.
   */
  | { kind: 'redecode'; id: string; codec: string; from: number; to: number; devices?: readonly string[] }
  | { kind: 'redecode-cancel'; id: string };
