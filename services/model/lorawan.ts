/** A message of a LoRaWAN network server, whichever server it is: what ChirpStack and The Things Stack have in common. */

/**
 * `up`: a frame of a device; `join`: it joined the network; `status`: its answer to DevStatusReq; `log`: what went wrong at
 * the server; `location`: where the server places it; `ack`, `txack`, `failed`: what became of a downlink; `gateway`: the
 * state of a gateway's connection; `other`: an event that says nothing to us.
 */
export const LORAWAN_EVENTS = [
  'up',
  'join',
  'status',
  'log',
  'location',
  'ack',
  'txack',
  'failed',
  'gateway',
  'other',
] as const;
export type LorawanEvent = (typeof LORAWAN_EVENTS)[number];

export interface Heard {
  /** As the server names it: an EUI in lower-case hex, or a text of The Things Stack. */
  gateway: string;
  /** dBm and dB; absent where the server did not say. */
  rssi?: number;
  snr?: number;
  location?: GeoPosition;
}

export interface GeoPosition {
  latitude: number;
  longitude: number;
  altitude?: number;
  source?: string;
  /** Metres. */
  accuracy?: number;
}

export interface LorawanMessage {
  event: LorawanEvent;
  /** 16 lower-case hex digits; empty for `gateway`. */
  devEui: string;
  /** As the server's operators call them. */
  deviceName?: string;
  application?: string;
  profile?: string;
  tags: Readonly<Record<string, string>>;
  /** Once is once for it: `deduplicationId`, else (devEui, session key, fCnt). Empty where the message carries none. */
  identity: string;
  /** When a gateway heard it, else when the server took it; epoch ms. `undefined`: the message says neither. */
  time: number | undefined;
  /** Made in the console of the server, not by a device. */
  simulated: boolean;
  devAddr?: string;
  up?: UpPart;
  status?: { marginDb: number; batteryPercent?: number; externalPower: boolean };
  log?: { level: string; code: string; description: string };
  location?: GeoPosition;
  /** Of `ack`, `txack` and `failed`: which queued downlink, and whether the device has it. */
  downlink?: { queueItem: string; acknowledged?: boolean; fCntDown?: number; error?: string };
  gateway?: { id: string; online: boolean };
}

export interface UpPart {
  fCnt: number;
  /** 0 and no bytes: only commands of the network, nothing of the device's own. */
  fPort: number;
  bytes: Uint8Array;
  confirmed: boolean;
  /** What a codec at the server made of it, plain JSON. */
  object?: unknown;
  /** The Things Stack's normalised measurements, in its units. */
  normalized?: readonly unknown[];
  warnings: readonly string[];
  heard: readonly Heard[];
  /** 7 to 12; absent for FSK. */
  spreadingFactor?: number;
  /** Hz. */
  frequency?: number;
}
