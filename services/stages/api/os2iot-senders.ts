/** Which device of ours a message of OS2iot's data target is about; looked up in an index that follows the directory. */
import { AttemptLimiter } from '../../knowledge/access/attempt-limiter.ts';
import { type NamedBy, namesIn } from '../../knowledge/os2iot/names-in.ts';
import type { Directory } from '../../model/directory.ts';

/** Messages of one organisation a minute. */
const MOST_A_MINUTE = 3000;

/** By what somebody may call it, in lower case; `undefined` where two have the same name. */
type Index = Record<NamedBy, Map<string, string | undefined>>;

export class Os2iotSenders {
  #directory: Directory;
  #version = -1;
  #byOwner = new Map<string, Index>();
  #limiter = new AttemptLimiter({ attempts: MOST_A_MINUTE, windowMs: 60_000, principals: 256 });

  constructor({ directory }: { directory: Directory }) {
    this.#directory = directory;
  }

  /** May this organisation post one more now? */
  allows(owner: string): boolean {
    return this.#limiter.attempt(owner, performance.now());
  }

  /** `device` is empty when nobody of the owner's is meant; `label` is then what the message said. */
  find(owner: string, message: unknown, named: string | undefined): { device: string; label: string } {
    const index = this.#index(owner);
    const names = named === undefined ? namesIn(message) : [{ by: 'id' as const, value: named }];
    for (const { by, value } of names) {
      const device = look(index, by, value.toLowerCase());
      if (device !== undefined) return { device, label: value };
    }
    return { device: '', label: names[0]?.value ?? '' };
  }

  #index(owner: string): Index {
    if (this.#version !== this.#directory.version) {
      this.#byOwner.clear();
      this.#version = this.#directory.version;
    }
    const known = this.#byOwner.get(owner);
    if (known) return known;
    const index: Index = { eui: new Map(), id: new Map(), name: new Map() };
    const add = (by: NamedBy, name: string | undefined, device: string) => {
      const key = name?.toLowerCase();
      if (key) index[by].set(key, index[by].has(key) && index[by].get(key) !== device ? undefined : device);
    };
    for (const device of this.#directory.devices()) {
      if (device.owner !== owner) continue;
      const last = device.assignments.at(-1);
      const asset = last && last.to === undefined ? this.#directory.asset(last.asset) : undefined;
      add('eui', device.connection.devEui, device.id);
      add('id', device.id, device.id);
      add('id', asset?.externalIds.os2iot, device.id);
      add('name', asset?.name, device.id);
    }
    this.#byOwner.set(owner, index);
    return index;
  }
}

/** A number is no name: `id: 17` of a message may count anything. */
function look(index: Index, by: NamedBy, value: string): string | undefined {
  if (by === 'eui') return index.eui.get(value);
  const eui = index.eui.get(value.replace(/[-:]/g, ''));
  if (eui !== undefined) return eui;
  if (by === 'name' && /^\d+$/.test(value)) return undefined;
  return index.id.get(value) ?? (by === 'name' ? index.name.get(value) : undefined);
}
