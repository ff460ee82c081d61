/**
 * The port of the registry: who and what there is, and what happened to it. Small groups of methods, each implemented in
 * one file of engines/registry. Everything is asynchronous and takes and gives plain data, so that the registry may live
 * in another thread or on another machine. Not found is `undefined`; only a real failure throws.
 */
import type { Alert, AlertState } from './alert.ts';
import type { Asset } from './asset.ts';
import type { Codec } from './codec.ts';
import type { Command, CommandState } from './command.ts';
import type { Credential, Device } from './device.ts';
import type { StoredModel } from './device-model.ts';
import type { DirectorySource } from './directory.ts';
import type { Gateway } from './gateway.ts';
import type { NetworkServer } from './network-server.ts';
import type { Order } from './order.ts';
import type { Organisation } from './organisation.ts';
import type { Os2iotFeed } from './os2iot.ts';
import type { Page, PageRequest } from './page.ts';
import type { Reject, RejectEvent } from './reject.ts';
import type { Rule, Severity } from './rule.ts';
import type { Source } from './source.ts';
import type { Token } from './token.ts';

/** What a `put` may take for granted; checked in the same transaction. */
export interface PutOptions {
  /**
   * ETag (model/etag.ts) of the thing as it was read, or `null` when it was not there: whoever replaces or creates it in
   * the meantime is noticed. Throws Rejected `changed-meanwhile`. Absent: whatever is there is replaced.
   */
  expected?: string | null;
}

export interface Organisations {
  get(id: string): Promise<Organisation | undefined>;
  put(organisation: Organisation, options?: PutOptions): Promise<'created' | 'replaced'>;
  list(page: PageRequest): Promise<Page<Organisation>>;
}

/** Which owners, operators and sharings somebody may see; made by knowledge/access, honoured by every list. */
export interface Visibility {
  /** Everything (platform administrator). */
  all?: boolean;
  /** As owner or operator. */
  organisation?: string;
  sharings: readonly string[];
}

export interface AssetFilter {
  visible: Visibility;
  owner?: string;
  operator?: string;
  type?: string;
  tag?: string;
  /** Free text in name, id and external ids, case- and accent-tolerant for Danish letters. */
  q?: string;
  /** west, south, east, north in degrees. */
  bbox?: [number, number, number, number];
  ids?: readonly string[];
}

/** An order that follows from a change of the registry and is still to be given to the log. */
export interface PendingOrder {
  /** By which the log knows that it has it already. */
  id: string;
  order: Order;
}

export interface PendingOrders {
  /** The oldest first. */
  list(limit: number): Promise<PendingOrder[]>;
  /** The log has them. */
  done(ids: readonly string[]): Promise<void>;
}

export interface Assets {
  get(id: string): Promise<Asset | undefined>;
  /** `order` is kept in the same transaction, and only where the asset changes. */
  put(asset: Asset, options?: PutOptions & { order?: PendingOrder }): Promise<'created' | 'replaced'>;
  delete(id: string): Promise<boolean>;
  list(filter: AssetFilter, page: PageRequest): Promise<Page<Asset>>;
}

export interface Devices {
  get(id: string): Promise<Device | undefined>;
  put(device: Device, options?: PutOptions): Promise<'created' | 'replaced'>;
  delete(id: string): Promise<boolean>;
  /** By id. `asset`: bound to it now. */
  list(filter: { owners?: readonly string[]; asset?: string }, page: PageRequest): Promise<Page<Device>>;
  /** Makes `credential` the present one; the former keeps working until `formerExpiresAt` or until the new is used. */
  addCredential(credential: Credential, formerExpiresAt: number): Promise<void>;
  /** Whose secret has this hash, the present one before a former; whether it still works is for ingest to say. */
  ofSecret(hash: string): Promise<string | undefined>;
  /** The present secret was used for the first time: former ones end now. */
  credentialUsed(device: string, hash: string, at: number): Promise<void>;
}

/** Things that are kept whole beside their owner. What is secret of them is sealed before it is stored. */
export interface Entities<T> {
  get(id: string): Promise<T | undefined>;
  put(entity: T, options?: PutOptions): Promise<'created' | 'replaced'>;
  delete(id: string): Promise<boolean>;
  /** By id. */
  list(filter: { owners?: readonly string[] }, page: PageRequest): Promise<Page<T>>;
}

export interface Codecs extends Entities<Codec> {
  /** Every version there was, the newest first; also of a codec that is gone. */
  versions(id: string): Promise<Codec[]>;
}

export interface Commands {
  get(id: string): Promise<Command | undefined>;
  put(command: Command): Promise<void>;
  /** The oldest first. */
  inState(state: CommandState, limit: number, after?: Pick<Command, 'createdAt' | 'id'>): Promise<Command[]>;
  /** Newest first. */
  list(filter: { device: string }, page: PageRequest): Promise<Page<Command>>;
  /** Never one that still waits. */
  deleteBefore(at: number): Promise<number>;
}

export interface Tokens {
  byHash(hash: string): Promise<Token | undefined>;
  put(token: Token): Promise<void>;
  list(organisation: string | undefined): Promise<Token[]>;
  revoke(id: string): Promise<boolean>;
  used(id: string, at: number): Promise<void>;
}

export interface Rules {
  get(id: string): Promise<Rule | undefined>;
  put(rule: Rule, options?: PutOptions): Promise<'created' | 'replaced'>;
  delete(id: string): Promise<boolean>;
  list(): Promise<Rule[]>;
}

export interface AlertFilter {
  visible: Visibility;
  state?: AlertState;
  severity?: Severity;
  owner?: string;
  type?: string;
  asset?: string;
}

export interface Alerts {
  get(id: string): Promise<Alert | undefined>;
  /** Idempotent: an older or equal revision than the one stored changes nothing. */
  put(alerts: readonly Alert[]): Promise<void>;
  /** Newest raised first. */
  list(filter: AlertFilter, page: PageRequest): Promise<Page<Alert>>;
  /** Open and acknowledged episodes of these assets, for the asset list and page. */
  openOf(assets: readonly string[]): Promise<Alert[]>;
  counts(visible: Visibility): Promise<Record<AlertState, number>>;
}

export interface RejectFilter {
  /** Owners somebody may see the rejects of; all when undefined. */
  owners?: readonly string[];
  device?: string;
  reason?: string;
  from?: number;
  to?: number;
}

/** A device nobody has registered, by what its rejected uplinks say. */
export interface UnknownDevice {
  device: string;
  /** Of the network server it was heard by. */
  owner: string;
  uplinks: number;
  /** Epoch ms. */
  firstAt: number;
  lastAt: number;
  /** Offset of its newest uplink. */
  newest: number;
}

export interface Rejects {
  /** Whoever sent what was rejected as `unknown-device`, the last heard first. */
  unknownDevices(filter: { owners?: readonly string[] }, page: PageRequest): Promise<Page<UnknownDevice>>;
  get(uplink: number): Promise<Reject | undefined>;
  /** Idempotent by uplink offset and revision. */
  apply(events: readonly RejectEvent[]): Promise<void>;
  /** Open rejects, newest first. */
  list(filter: RejectFilter, page: PageRequest): Promise<Page<Reject>>;
  deleteBefore(receivedAt: number): Promise<number>;
}

export interface AuditEntry {
  id: string;
  at: number;
  actor: string;
  organisation: string;
  action: string;
  object: string;
  outcome: 'ok' | 'denied' | 'failed';
  detail: string;
}

export interface Audit {
  add(entries: readonly AuditEntry[]): Promise<void>;
  list(
    filter: { organisation?: string; actor?: string; from?: number; to?: number },
    page: PageRequest,
  ): Promise<Page<AuditEntry>>;
  deleteBefore(at: number): Promise<number>;
}

/** A message to somebody outside, to be sent at least once. */
export interface OutboxMessage {
  /** Also the idempotency key the receiver sees. */
  id: string;
  /** Id of the target, below. */
  target: string;
  alert: string;
  body: string;
  createdAt: number;
  /** Not to be tried before. */
  dueAt: number;
  attempts: number;
  state: 'waiting' | 'sent' | 'dead';
  lastError?: string;
}

export interface Outbox {
  /** Idempotent by id. */
  add(messages: readonly OutboxMessage[]): Promise<void>;
  due(now: number, limit: number): Promise<OutboxMessage[]>;
  update(message: OutboxMessage): Promise<void>;
  list(filter: { state?: string; alert?: string }, page: PageRequest): Promise<Page<OutboxMessage>>;
  deleteBefore(at: number): Promise<number>;
}

/** Where notifications go: an organisation's webhook or mailbox. `secret` is sealed before it is stored. */
export interface NotifyTarget {
  id: string;
  organisation: string;
  kind: 'webhook' | 'email';
  /** URL or mail address. */
  address: string;
  secret?: string;
  minimumSeverity: Severity;
  enabled: boolean;
}

export interface NotifyTargets {
  get(id: string): Promise<NotifyTarget | undefined>;
  put(target: NotifyTarget, options?: PutOptions): Promise<'created' | 'replaced'>;
  delete(id: string): Promise<boolean>;
  list(organisation: string | undefined): Promise<NotifyTarget[]>;
}

export interface Registry {
  directory: DirectorySource;
  organisations: Organisations;
  assets: Assets;
  devices: Devices;
  tokens: Tokens;
  rules: Rules;
  alerts: Alerts;
  rejects: Rejects;
  audit: Audit;
  orders: PendingOrders;
  outbox: Outbox;
  targets: NotifyTargets;
  networkServers: Entities<NetworkServer>;
  sources: Entities<Source>;
  gateways: Entities<Gateway>;
  codecs: Codecs;
  deviceModels: Entities<StoredModel>;
  commands: Commands;
  os2iot: Os2iotFeed;
  /** Calls back (in any thread of the process) soon after something in the directory changed. Returns the way to stop. */
  watch(listener: () => void): () => void;
  close(): Promise<void>;
}
