/** Every limit of the front door, with its default: contract.md "Limits", and what keeps memory flat under abuse. */

export interface IngestLimits {
  /** Largest MQTT packet and HTTP body, bytes. */
  packetBytes: number;
  /** Largest CONNECT, bytes: whoever sends it has not said who he is yet. */
  connectBytes: number;
  /** From the TCP connection to an accepted CONNECT, ms. */
  connectMs: number;
  /** Longest wait for the registry while a secret is checked, ms. */
  authenticateMs: number;
  /** A client that does not read its acks is closed after this, ms. */
  drainMs: number;
  connections: number;
  /** Connections that have not completed CONNECT: all together, and of one address (a NAT may hide thousands). */
  halfOpen: number;
  halfOpenPerAddress: number;
  /** Filters in one SUBSCRIBE or UNSUBSCRIBE. */
  filters: number;
  /** Bytes of a client id, UTF-8. */
  clientIdBytes: number;
  /** Messages a second of one device, or no limit; the burst is ten times that. */
  deviceRate: number | 'off';
  /** Longest wait of an HTTP request for its device's rate, ms. */
  rateWaitMs: number;
  /** Uplinks read but not yet on disk: above this, sockets are not read. */
  waitingBytes: number;
  /** QoS 2 handshakes open for one device, all sessions together. */
  qos2PerDevice: number;
  /** A QoS 2 handshake nobody finished is forgotten after this, ms. */
  qos2Ms: number;
  /** Commands waiting for one session. */
  queuedMessages: number;
  queuedBytes: number;
  /** Sessions with commands waiting or subscriptions kept, all together. */
  sessions: number;
  /** A tick into `uplinks` this often, ms. */
  tickMs: number;
  /** How often the state of the log is asked for, ms. */
  pressureMs: number;
  /** Longest orderly stop, ms. */
  stopMs: number;
}

export const DEFAULT_LIMITS: IngestLimits = {
  packetBytes: 64 * 1024,
  connectBytes: 8 * 1024,
  connectMs: 5_000,
  authenticateMs: 5_000,
  drainMs: 10_000,
  connections: 10_000,
  halfOpen: 2_000,
  halfOpenPerAddress: 1_000,
  filters: 16,
  clientIdBytes: 200,
  deviceRate: 20,
  rateWaitMs: 5_000,
  waitingBytes: 4 * 1024 * 1024,
  qos2PerDevice: 2_000,
  qos2Ms: 7 * 86_400_000,
  queuedMessages: 100,
  queuedBytes: 256 * 1024,
  sessions: 20_000,
  tickMs: 10_000,
  pressureMs: 1_000,
  stopMs: 10_000,
};
