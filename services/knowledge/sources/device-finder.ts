/** Which of our devices a vendor means. A source may only speak for devices of its owner. */
import type { Directory } from '../../model/directory.ts';
import { isId } from '../../model/ids.ts';
import type { Source } from '../../model/source.ts';
import type { DeviceSettings } from './mapping.ts';

export interface FoundDevice {
  /**
   * What its uplinks are filed under. Of one that nobody has registered it is the id it would have, so that registering it
   * is all it takes; of one that the source may not speak for it is a name no device can have.
   */
  device: string;
  known: boolean;
}

type Known = Pick<Directory, 'version' | 'asset' | 'assets' | 'device' | 'devicesOf'>;

export class DeviceFinder {
  #directory: Known;
  #source: Pick<Source, 'id' | 'owner'>;
  #settings: DeviceSettings;
  #byExternalId = new Map<string, string>();
  #version = -1;

  constructor(parts: { directory: Known; source: Pick<Source, 'id' | 'owner'>; settings: DeviceSettings }) {
    this.#directory = parts.directory;
    this.#source = parts.source;
    this.#settings = parts.settings;
  }

  find(vendorId: string): FoundDevice {
    const bound = this.#settings.deviceBy === 'externalId' ? this.#ofAsset(vendorId) : undefined;
    if (bound !== undefined) return { device: bound, known: true };
    const id = idOf(vendorId, this.#settings.idPrefix);
    const device = id === undefined ? undefined : this.#directory.device(id);
    if (id === undefined || (device && device.owner !== this.#source.owner))
      return { device: `${this.#source.id}/${vendorId}`, known: false };
    return { device: id, known: device !== undefined };
  }

  /** The owner's device on the asset with that external id; with several on it none can be told from the others. */
  #ofAsset(vendorId: string): string | undefined {
    this.#index();
    const asset = this.#byExternalId.get(vendorId);
    if (asset === undefined) return undefined;
    const own = this.#directory.devicesOf(asset).filter((device) => device.owner === this.#source.owner);
    return own.length === 1 ? own[0]?.id : undefined;
  }

  #index(): void {
    if (this.#version === this.#directory.version) return;
    this.#version = this.#directory.version;
    const { id, owner } = this.#source;
    const key = this.#settings.externalId ?? id;
    this.#byExternalId = new Map();
    for (const asset of this.#directory.assets()) {
      const external = asset.externalIds[key];
      if (external !== undefined && asset.owner === owner) this.#byExternalId.set(external, asset.id);
    }
  }
}

/** A vendor's id in the form of ours: lower case, and a dash for whatever ids may not hold. */
function idOf(vendorId: string, prefix = ''): string | undefined {
  const id = prefix + vendorId.toLowerCase().replace(/[^a-z0-9._-]/g, '-');
  return isId(id) ? id : undefined;
}
