/** What decode knows of devices and gateways, for the API to show. Times are epoch ms. */
import type { GeoPosition } from './lorawan.ts';

export interface DeviceReport {
  /** Receipt of its newest message of any kind. */
  lastSeen: number;
  /** Its birth or last will said so. */
  status?: { state: 'online' | 'offline'; at: number };
  /** Keys of its messages that are no quantity here; the most recent ones, at most 20. */
  unknownKeys: { key: string; count: number; lastAt: number }[];
  radio?: RadioReport;
}

export interface RadioReport {
  networkServer: string;
  frameCounter?: number;
  frameAt?: number;
  joinedAt?: number;
  /** Its answer to the network's question; margin in dB, battery in percent. */
  status?: { at: number; margin: number; battery?: number; external: boolean };
  location?: { at: number } & GeoPosition;
  /** Faults the network server told, newest first. */
  log: { at: number; level: string; code: string; text: string }[];
  /** What became of the last commands, newest first. */
  downlinks: { id: string; at: number; state: 'gateway' | 'acknowledged' | 'failed'; detail?: string }[];
  /** Who heard it lately, newest first. */
  gateways: { gateway: string; at: number; rssi?: number; snr?: number }[];
}

export interface GatewayReport {
  id: string;
  networkServer: string;
  /** Owner of the network server. */
  owner: string;
  /** As the network server says; absent where it does not. */
  online?: boolean;
  onlineAt?: number;
  /** It heard a frame. */
  lastSeen: number;
  /** Frames it heard in the last full hour and the one before. */
  uplinksLastHour: number;
  uplinksHourBefore: number;
  location?: GeoPosition;
  /** Devices it heard within a day; `alone`: no other gateway did. */
  devices: { device: string; at: number; rssi?: number; snr?: number; alone: boolean }[];
}
