/** Hands what a source brought to the door of ingest, as messages of the devices it speaks for. */
import { batches } from '../../../knowledge/sources/batches.ts';
import { DeviceFinder } from '../../../knowledge/sources/device-finder.ts';
import type { DeviceSettings } from '../../../knowledge/sources/mapping.ts';
import type { SourceRecord } from '../../../knowledge/sources/records.ts';
import type { Directory } from '../../../model/directory.ts';
import type { Source } from '../../../model/source.ts';
import type { ForwardedUplink } from '../../../model/uplink.ts';

export interface ForwardDoor {
  /** Resolves when all of them are durable. @throws Rejected; Unavailable when nothing is taken now. */
  acceptForwarded(uplinks: readonly ForwardedUplink[]): Promise<void>;
}

export interface Prepared {
  uplinks: ForwardedUplink[];
  records: number;
  /** Of the records those of unregistered devices. */
  unknown: number;
  /** Records no uplink can hold. */
  tooLarge: string[];
}

/** One hand-over to the door. */
const GROUP = 256;
const GROUP_BYTES = 1024 * 1024;
/** Somebody may have registered the device a moment ago. */
const ASK_AGAIN_MS = 1000;

export class Forwarder {
  #source: Source;
  #directory: Directory;
  #door: ForwardDoor;
  #finder: DeviceFinder;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: { source: Source; settings: DeviceSettings; directory: Directory; door: ForwardDoor }) {
    this.#source = parts.source;
    this.#directory = parts.directory;
    this.#door = parts.door;
    this.#finder = new DeviceFinder(parts);
  }

  /**
   * One uplink or several of each device. A record with a time is identified by device and time, so the same one fetched
   * twice is stored once; an identity of the whole would take a corrected value for a repetition.
   * @param key an identity the sender gave to the whole message, e.g. an Idempotency-Key.
   */
  async prepare(records: readonly SourceRecord[], key = ''): Promise<Prepared> {
    const made = batches(records);
    const prepared: Prepared = { uplinks: [], records: 0, unknown: 0, tooLarge: made.tooLarge };
    for (const [i, batch] of made.batches.entries()) {
      const { device, known } = await this.find(batch.device);
      prepared.uplinks.push(this.#uplink(device, batch.payload, key && `${this.#source.id}:${key}:${i}`));
      prepared.records += batch.records;
      if (!known) prepared.unknown += batch.records;
    }
    return prepared;
  }

  /** A message as it came, for decode to read. */
  async prepareRaw(vendorId: string, payload: Uint8Array): Promise<Prepared> {
    const { device, known } = await this.find(vendorId);
    return { uplinks: [this.#uplink(device, payload, '')], records: 1, unknown: known ? 0 : 1, tooLarge: [] };
  }

  /** A message nobody can make anything of: it is kept among the rejects, under a name that is no device's. */
  prepareLost(what: string, payload: Uint8Array): Prepared {
    const name = Buffer.from(`${this.#source.id}/${what}`).subarray(0, 200).toString().toWellFormed();
    return { uplinks: [this.#uplink(name, payload, '')], records: 0, unknown: 0, tooLarge: [] };
  }

  /** Resolves when all of them are durable. @throws as the door. */
  async send(uplinks: readonly ForwardedUplink[]): Promise<void> {
    let group: ForwardedUplink[] = [];
    let bytes = 0;
    for (const uplink of uplinks) {
      group.push(uplink);
      bytes += uplink.payload.byteLength;
      if (group.length < GROUP && bytes < GROUP_BYTES) continue;
      await this.#door.acceptForwarded(group);
      group = [];
      bytes = 0;
    }
    if (group.length > 0) await this.#door.acceptForwarded(group);
  }

  /** A miss asks the registry, at most once a second. */
  async find(vendorId: string): Promise<{ device: string; known: boolean }> {
    const found = this.#finder.find(vendorId);
    if (found.known || performance.now() - this.#askedAt < ASK_AGAIN_MS) return found;
    this.#askedAt = performance.now();
    await this.#directory.refresh();
    return this.#finder.find(vendorId);
  }

  #uplink(device: string, payload: Uint8Array, identity: string): ForwardedUplink {
    const { owner, kind } = this.#source;
    return { device, owner, kind: 'readings', door: kind === 'mqtt' ? 'mqtt' : 'http', session: '', identity, payload };
  }
}
