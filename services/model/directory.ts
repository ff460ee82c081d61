/**
 * The directory: what the hot path must know of devices and assets, in memory, immutable between refreshes.
 * A miss asks the registry before anything is refused.
 */
import type { Asset } from './asset.ts';
import type { Codec } from './codec.ts';
import type { Credential, Device } from './device.ts';
import type { StoredModel } from './device-model.ts';
import type { NetworkServer } from './network-server.ts';
import type { Organisation } from './organisation.ts';
import type { Rule } from './rule.ts';

export interface DirectoryEntities {
  organisations: Organisation[];
  assets: Asset[];
  devices: Device[];
  credentials: Credential[];
  rules: Rule[];
  /** Without their passwords. */
  networkServers: NetworkServer[];
  codecs: Codec[];
  /** Those that operators added. */
  deviceModels: StoredModel[];
}

/** What changed after a version: the new state of each changed entity, and the ids of those that are gone. */
export interface DirectoryChanges {
  /** Rises with every change to the registry. */
  version: number;
  /** `changed` is everything there is: what else the reader knew is gone. */
  full?: boolean;
  changed: DirectoryEntities;
  /** `kind/id` of what was deleted; credentials by device id: all credentials of a named device are in `changed`. */
  deleted: { kind: keyof DirectoryEntities; id: string }[];
}

/** The source, implemented by the registry. */
export interface DirectorySource {
  /** Everything, when `since` is 0 or too old to tell what changed. */
  changes(since: number): Promise<DirectoryChanges>;
}

/** What stages see. Maps are replaced, never edited in place between two awaits of a reader. */
export interface Directory {
  readonly version: number;
  organisation(id: string): Organisation | undefined;
  asset(id: string): Asset | undefined;
  device(id: string): Device | undefined;
  /** Newest first, at most two: the present secret and the former one. */
  credentials(device: string): readonly Credential[];
  assets(): Iterable<Asset>;
  devices(): Iterable<Device>;
  /** Devices bound to the asset now. */
  devicesOf(asset: string): readonly Device[];
  rules(): Iterable<Rule>;
  networkServer(id: string): NetworkServer | undefined;
  /** The present version. */
  codec(id: string): Codec | undefined;
  deviceModel(id: string): StoredModel | undefined;
  /** The device with this EUI that the network server may speak for, of its owner or of whom it `serves`: one that names it,
   * else one of its owner's that names none. */
  deviceByEui(devEui: string, networkServer: string): Device | undefined;
  /** Asks the registry for what changed; used on a miss and by a timer. Concurrent calls share one question. */
  refresh(): Promise<void>;
  /** Called after each refresh that changed something. Returns the way to stop. */
  onChange(listener: () => void): () => void;
}
