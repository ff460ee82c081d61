/** What the API says of LoRaWAN, codecs and device models, as this app uses it. */
import { type AssetItem, all, call, get, type Page } from './api.ts';

/** A device that was heard but that nobody has registered. Times as the API writes them. */
export interface UnknownDevice {
  /** EUI, 16 hex digits. */
  device: string;
  owner: string;
  uplinks: number;
  firstAt: string;
  lastAt: string;
  networkServer?: string;
  /** As its network server calls it. */
  name?: string;
  profile?: string;
  application?: string;
  /** Its newest frame, where it could be read. */
  frame?: { fPort: number; bytesHex: string; gateways: { gateway: string; rssi?: number; snr?: number }[] };
}
export interface Gateway {
  id: string;
  owner: string;
  name?: string;
  contact?: string;
  location?: { lat: number; lon: number };
  networkServer?: string;
  state: 'online' | 'offline' | 'silent' | 'never-heard';
  lastSeen?: string;
  uplinksLastHour: number;
  /** Heard by it within a day, and those heard by no other. */
  devices: number;
  devicesAlone: number;
}
export interface HeardDevice {
  device: string;
  alone: boolean;
  at: string;
}
export interface GatewayBody {
  owner: string;
  name: string;
  contact?: string;
  location?: { lat: number; lon: number };
}
export interface ConnectionState {
  connection: 'connected' | 'connecting' | 'failed' | 'off';
  since: string;
  detail?: string;
  lastMessageAt?: string;
  messages: number;
}
export interface NetworkServerBody {
  owner: string;
  name: string;
  kind: 'chirpstack' | 'tts';
  transport: 'mqtt' | 'http';
  url?: string;
  username?: string;
  password?: string;
  ca?: string;
  eventTopic?: string;
  commandTopic?: string;
  gatewayTopic?: string;
  enabled: boolean;
}
export interface NetworkServer extends Omit<NetworkServerBody, 'password'> {
  id: string;
  hasPassword?: boolean;
  state?: ConnectionState;
}
export interface MappingEntry {
  quantity: string;
  factor?: number;
  offset?: number;
}
export interface DeviceModelBody {
  owner: string;
  vendor: string;
  product: string;
  format: 'json' | 'frame';
  codec?: string;
  heartbeat?: number;
  mapping?: Record<string, MappingEntry>;
  quantities?: string[];
  batteryVoltageLimit?: number;
  examples?: unknown[];
}
export interface DeviceModel extends Omit<DeviceModelBody, 'owner'> {
  id: string;
  owner?: string;
  builtIn: boolean;
}
export type Signature = 'ts013' | 'ttn' | 'chirpstack3' | 'os2iot';
export interface CodecExample {
  bytesHex: string;
  fPort: number;
  recvTime?: string;
  variables?: Record<string, string>;
  expected: unknown;
}
export interface CodecBody {
  owner: string;
  name: string;
  script: string;
  signature?: Signature;
  examples: CodecExample[];
}
export interface Codec extends CodecBody {
  id: string;
  version: number;
  createdAt: string;
}
/** In lists: without its script, its examples as a number. */
export interface CodecListed extends Omit<Codec, 'script' | 'examples'> {
  examples: number;
}
export interface BenchRequest {
  /** What reads the frame; else the codec of the model. */
  script?: string;
  /** Whose mapping gives the readings. */
  model?: string;
  signature?: Signature;
  bytesHex: string;
  fPort: number;
  recvTime?: string;
  variables?: Record<string, string>;
}
export interface BenchReading {
  /** Absent: measured when the frame was heard. */
  time?: string;
  quantity: string;
  value: number | string;
  /** Outside what a sensor can measure. */
  suspect?: boolean;
}
export interface BenchAnswer {
  data?: unknown;
  warnings: string[];
  /** Of the codec, or why it was stopped: then there is no data. */
  errors: string[];
  readings: BenchReading[];
  /** Neither mapped nor a quantity: never a reading. */
  unknownKeys: string[];
  cpuMs: number;
  console: string[];
}
/** A job that reads history again by the present version. */
export interface Redecode {
  id: string;
  state: 'running' | 'done' | 'cancelled';
  from: string;
  to: string;
  /** Messages of the log looked at so far. */
  looked: number;
  /** Frames read by the new version, and those it could not read. */
  read: number;
  failed: number;
  /** Given anew, and taken back. */
  values: number;
  retracted: number;
}

const id = encodeURIComponent;
const MOST = 10_000;

export const sensors = {
  findAssets: (text: string) => get<Page<AssetItem>>(`/assets?limit=20&q=${id(text)}`),
  unknown: () => get<Page<UnknownDevice>>('/devices/unknown?limit=200'),
  claim: (device: string, body: { id: string; owner: string; model: string; asset?: string }) =>
    call<unknown>('POST', `/devices/unknown/${id(device)}/claim`, body),
  gateways: () => all<Gateway>('/gateways', MOST),
  gateway: (gateway: string) => get<Gateway & { heard: HeardDevice[] }>(`/gateways/${id(gateway)}`),
  putGateway: (gateway: string, body: GatewayBody) => call<Gateway>('PUT', `/gateways/${id(gateway)}`, body),
  networkServers: () => all<NetworkServer>('/network-servers', MOST),
  putNetworkServer: (server: string, body: NetworkServerBody) =>
    call<NetworkServer>('PUT', `/network-servers/${id(server)}`, body),
  deleteNetworkServer: (server: string) => call<void>('DELETE', `/network-servers/${id(server)}?confirm=${id(server)}`),
  /** Shown once. */
  networkServerToken: (server: string) =>
    call<{ token: string; url: string }>('POST', `/network-servers/${id(server)}/token`, {}),
  deviceModels: () => all<DeviceModel>('/device-models', MOST),
  deviceModel: (model: string) => get<DeviceModel>(`/device-models/${id(model)}`),
  putDeviceModel: (model: string, body: DeviceModelBody) =>
    call<DeviceModel>('PUT', `/device-models/${id(model)}`, body),
  deleteDeviceModel: (model: string) => call<void>('DELETE', `/device-models/${id(model)}`),
  codecs: () => all<CodecListed>('/codecs', MOST),
  codec: (codec: string) => get<Codec>(`/codecs/${id(codec)}`),
  putCodec: (codec: string, body: CodecBody) => call<Codec>('PUT', `/codecs/${id(codec)}`, body),
  deleteCodec: (codec: string) => call<void>('DELETE', `/codecs/${id(codec)}?confirm=${id(codec)}`),
  codecVersions: async (codec: string) => (await get<Page<Codec>>(`/codecs/${id(codec)}/versions`)).items,
  bench: (body: BenchRequest) => call<BenchAnswer>('POST', '/codecs/test', body),
  redecodes: async (codec: string) => (await get<Page<Redecode>>(`/codecs/${id(codec)}/redecode`)).items,
  redecode: (codec: string, body: { from: string; to: string; devices?: string[] }) =>
    call<{ job: string; reachesBackTo?: string }>('POST', `/codecs/${id(codec)}/redecode`, body),
  cancelRedecode: (codec: string, job: string) => call<void>('DELETE', `/codecs/${id(codec)}/redecode/${id(job)}`),
};
