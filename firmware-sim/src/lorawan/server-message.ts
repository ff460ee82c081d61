/** A message as a network server sends it on: where it is published or posted to, and its body. */

export interface ServerMessage {
  /** When it is due on the simulation's clock, epoch ms. */
  at: number;
  /** MQTT topic. */
  topic: string;
  /** `up`, `join` or `status`; ChirpStack posts it as `?event=`. */
  event: string;
  body: string;
}

/** What the operators of a network server named. */
export interface ServerNames {
  tenant: string;
  application: { id: string; name: string };
}

/** RFC 3339 with as many digits as the server writes; the simulation's clock has milliseconds. */
export function stamp(ms: number, digits: number, zone: string): string {
  return `${new Date(ms).toISOString().slice(0, 23)}${'0'.repeat(digits - 3)}${zone}`;
}
