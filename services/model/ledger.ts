/** The ledger: each count measured on its own, adding up at every moment. See semantics: Ledger. */

/** Kept by decode, changed in the transaction of its cursor. Per owner; the sum over owners is the installation's. */
export interface DecodeCounts {
  decoded: number;
  rejected: number;
  redelivered: number;
  partialRejects: number;
  values: number;
}

/** Kept by the series store, changed in the transaction of its cursor. */
export interface StoreCounts {
  stored: number;
  readings: number;
  corrections: number;
  duplicates: number;
  retracted: number;
}

export interface Ledger extends DecodeCounts, StoreCounts {
  accepted: number;
  pending: number;
  storePending: number;
  /** Offsets at which the snapshot was taken. */
  offsets: { uplinks: number; decoded: number; readings: number; stored: number };
  asOf: string;
}

export const NO_DECODE_COUNTS: DecodeCounts = { decoded: 0, rejected: 0, redelivered: 0, partialRejects: 0, values: 0 };
export const NO_STORE_COUNTS: StoreCounts = { stored: 0, readings: 0, corrections: 0, duplicates: 0, retracted: 0 };
