/** A command to a device: what is to be said, until when it is worth saying, and what became of it. */

/**
 * `queued`: waits for the way to the device. `sent`: the network server or the broker has it. `acknowledged`: the device
 * said that it has it (only where that was asked for). `failed`, `expired`: it never will.
 */
export const COMMAND_STATES = ['queued', 'sent', 'acknowledged', 'failed', 'expired'] as const;
export type CommandState = (typeof COMMAND_STATES)[number];

export interface Command {
  /** A UUID; the network server repeats it. */
  id: string;
  device: string;
  owner: string;
  asset: string;
  /** Of a named command; raw bytes have none. */
  name?: string;
  /** 1 to 223 through LoRaWAN. */
  fPort: number;
  bytesHex: string;
  /** The device is to acknowledge it. */
  confirmed: boolean;
  createdAt: number;
  createdBy: string;
  expiresAt: number;
  state: CommandState;
  stateAt: number;
  /** Why it failed, or who has it now. */
  detail?: string;
}
