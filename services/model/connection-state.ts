/** How a connection to somebody else's server stands, for the API and the web to show: network servers and sources alike. */
import type { Text } from './rule.ts';

export interface ConnectionState {
  /** `connecting`: for the first time, or nothing has come yet. `failed`: it was refused or lost, and is being tried again. */
  connection: 'connected' | 'connecting' | 'failed' | 'off';
  /** Epoch ms. */
  since: number;
  /** What is wrong, for somebody who can mend it. */
  detail?: Text;
  /** Epoch ms. */
  lastMessageAt?: number;
  /** Taken since the process started. */
  messages: number;
}
