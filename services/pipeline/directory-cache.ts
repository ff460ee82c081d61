/** The in-memory directory: loads everything once, then only what changed. Readers see whole versions, never half of one. */
import type { Asset } from '../model/asset.ts';
import type { Codec } from '../model/codec.ts';
import type { Credential, Device } from '../model/device.ts';
import type { StoredModel } from '../model/device-model.ts';
import type { Directory, DirectoryChanges, DirectorySource } from '../model/directory.ts';
import { type NetworkServer, speaksFor } from '../model/network-server.ts';
import type { Organisation } from '../model/organisation.ts';
import type { Rule } from '../model/rule.ts';

export class DirectoryCache implements Directory {
  #source: DirectorySource;
  #version = 0;
  #organisations = new Map<string, Organisation>();
  #assets = new Map<string, Asset>();
  #devices = new Map<string, Device>();
  #credentials = new Map<string, Credential[]>();
  #rules = new Map<string, Rule>();
  #networkServers = new Map<string, NetworkServer>();
  #codecs = new Map<string, Codec>();
  #deviceModels = new Map<string, StoredModel>();
  #devicesOf = new Map<string, Device[]>();
  #byEui = new Map<string, Set<Device>>();
  #plain = {
    organisations: this.#organisations,
    assets: this.#assets,
    rules: this.#rules,
    networkServers: this.#networkServers,
    codecs: this.#codecs,
    deviceModels: this.#deviceModels,
  };
  #listeners = new Set<() => void>();
  #asking: Promise<void> | undefined;

  constructor(source: DirectorySource) {
    this.#source = source;
  }

  get version(): number {
    return this.#version;
  }

  organisation(id: string): Organisation | undefined {
    return this.#organisations.get(id);
  }

  asset(id: string): Asset | undefined {
    return this.#assets.get(id);
  }

  device(id: string): Device | undefined {
    return this.#devices.get(id);
  }

  credentials(device: string): readonly Credential[] {
    return this.#credentials.get(device) ?? [];
  }

  assets(): Iterable<Asset> {
    return this.#assets.values();
  }

  devices(): Iterable<Device> {
    return this.#devices.values();
  }

  devicesOf(asset: string): readonly Device[] {
    return this.#devicesOf.get(asset) ?? [];
  }

  rules(): Iterable<Rule> {
    return this.#rules.values();
  }

  networkServer(id: string): NetworkServer | undefined {
    return this.#networkServers.get(id);
  }

  codec(id: string): Codec | undefined {
    return this.#codecs.get(id);
  }

  deviceModel(id: string): StoredModel | undefined {
    return this.#deviceModels.get(id);
  }

  deviceByEui(devEui: string, networkServer: string): Device | undefined {
    const devices = this.#byEui.get(devEui.toLowerCase());
    if (!devices) return undefined;
    const server = this.#networkServers.get(networkServer);
    if (!server) return undefined;
    // Whoever registers an EUI does not get what somebody else's network server hears of it, unless that one says so; and
    // never what is the owner's own device there.
    const believed = [...devices].filter((d) => speaksFor(server, d));
    const own = believed.filter((d) => d.owner === server.owner);
    return own.find((d) => d.connection.networkServer !== undefined) ?? own[0] ?? believed[0];
  }

  /**
   * @throws what the source throws; the directory stays as it was. A question already under way was asked before this
   *         call, so its answer may miss what the caller looks for: then one more is asked, shared by all who wait.
   */
  refresh(): Promise<void> {
    if (!this.#asking) {
      this.#asking = this.#ask().finally(() => {
        this.#asking = undefined;
      });
      return this.#asking;
    }
    this.#next ??= this.#asking
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.refresh();
      });
    return this.#next;
  }

  #next: Promise<void> | undefined;

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #ask(): Promise<void> {
    const changes = await this.#source.changes(this.#version);
    if (changes.version === this.#version) return;
    this.#apply(changes);
    for (const listener of this.#listeners) listener();
  }

  // Synchronous, so nobody sees half of it.
  #apply({ version, full, changed, deleted }: DirectoryChanges): void {
    if (full) {
      for (const map of [...Object.values(this.#plain), this.#devices, this.#credentials]) map.clear();
      for (const map of [this.#devicesOf, this.#byEui]) map.clear();
    }
    for (const { kind, id } of deleted) this.#delete(kind, id);
    for (const o of changed.organisations) this.#organisations.set(o.id, o);
    for (const a of changed.assets) this.#assets.set(a.id, a);
    for (const r of changed.rules) this.#rules.set(r.id, r);
    for (const n of changed.networkServers) this.#networkServers.set(n.id, n);
    for (const c of changed.codecs) this.#codecs.set(c.id, c);
    for (const m of changed.deviceModels) this.#deviceModels.set(m.id, m);
    for (const d of changed.devices) {
      this.#unbind(d.id);
      this.#devices.set(d.id, d);
      this.#bind(d);
    }
    const credentials = Map.groupBy(changed.credentials, (c) => c.device);
    for (const [device, list] of credentials) {
      this.#credentials.set(
        device,
        list.toSorted((a, b) => b.createdAt - a.createdAt),
      );
    }
    this.#version = version;
  }

  #delete(kind: DirectoryChanges['deleted'][number]['kind'], id: string): void {
    if (kind === 'devices') {
      this.#unbind(id);
      this.#devices.delete(id);
    } else if (kind === 'credentials') this.#credentials.delete(id);
    else this.#plain[kind].delete(id);
  }

  #presentAsset(device: Device | undefined): string | undefined {
    const last = device?.assignments.at(-1);
    return last && last.to === undefined ? last.asset : undefined;
  }

  #unbind(id: string): void {
    const device = this.#devices.get(id);
    const devEui = device?.connection.devEui?.toLowerCase();
    if (device && devEui) this.#byEui.get(devEui)?.delete(device);
    const asset = this.#presentAsset(device);
    if (!asset) return;
    this.#devicesOf.set(
      asset,
      (this.#devicesOf.get(asset) ?? []).filter((d) => d.id !== id),
    );
  }

  #bind(device: Device): void {
    const devEui = device.connection.devEui?.toLowerCase();
    if (devEui) this.#byEui.set(devEui, (this.#byEui.get(devEui) ?? new Set()).add(device));
    const asset = this.#presentAsset(device);
    if (asset) this.#devicesOf.set(asset, [...(this.#devicesOf.get(asset) ?? []), device]);
  }
}
