/** The port by which commands leave: bytes for a device, given to the network server that reaches it. */

export interface Downlink {
  /** 16 lower-case hex digits. */
  devEui: string;
  /** As the network server names them; learnt from the device's messages where absent. */
  application?: string;
  deviceName?: string;
  /** A UUID (ChirpStack takes nothing else): the network server repeats it in `ack`, `txack` and what went wrong. */
  id: string;
  /** 1 to 223: 0 is the network's own (LoRaWAN L2 1.0.4 section 4.3.2). */
  fPort: number;
  bytes: Uint8Array;
  confirmed: boolean;
  /** Epoch ms; only ChirpStack can be told. */
  expiresAt?: number;
}

export interface CommandSender {
  /**
   * Resolves when the network server's broker has taken it; what became of it comes as `txack`, `ack` or `failed`.
   * @throws Unavailable when there is no connection now, no answer in time, or nothing was heard of the device yet; Rejected
   *   `no-command-path` when no command can reach it that way.
   */
  send(networkServer: string, downlink: Downlink): Promise<void>;
}
