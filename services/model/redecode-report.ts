/** How far a job has come that reads stored frames again. Times are epoch ms. */
export interface RedecodeReport {
  id: string;
  codec: string;
  /** Receipt times; half-open. */
  from: number;
  to: number;
  state: 'running' | 'done' | 'cancelled';
  orderedAt: number;
  endedAt?: number;
  /** Uplinks of the log looked at. */
  looked: number;
  /** Frames read by the new version, and those it could not read: their former values stay. */
  read: number;
  failed: number;
  /** Values given anew (the store tells which of them are corrections), and values taken back. */
  values: number;
  retracted: number;
}
