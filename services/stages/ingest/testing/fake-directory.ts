/** A directory for tests: devices with secrets, changed at will, asked the way the real one is. */
import type { Credential, Device } from '../../../model/device.ts';
import type { DirectoryChanges, DirectorySource } from '../../../model/directory.ts';
import { hashSecret } from '../../../model/secret.ts';
import { DirectoryCache } from '../../../pipeline/directory-cache.ts';

export class FakeRegistry implements DirectorySource {
  version = 1;
  /** How often it was asked. */
  asked = 0;
  /** Asked while this stands, it does not answer. */
  broken: Error | undefined;
  #devices = new Map<string, Device>();
  #credentials = new Map<string, Credential[]>();
  #deleted = new Set<string>();
  readonly directory = new DirectoryCache(this);

  device(id: string, { owner = 'aarhus', secret = `secret-${id}` } = {}): this {
    this.#devices.set(id, {
      id,
      owner,
      model: 'generic-json',
      connection: { kind: 'mqtt' },
      assignments: [],
      registeredAt: 0,
    });
    if (!this.#credentials.has(id)) this.credential({ device: id, hash: hashSecret(secret), createdAt: 0 });
    this.version++;
    return this;
  }

  /** Newest first, as the registry gives them. */
  credential(credential: Credential): this {
    const list = this.#credentials.get(credential.device) ?? [];
    const others = list.filter((c) => c.hash !== credential.hash);
    this.#credentials.set(credential.device, [credential, ...others].slice(0, 2));
    this.version++;
    return this;
  }

  remove(id: string): this {
    this.#devices.delete(id);
    this.#credentials.delete(id);
    this.#deleted.add(id);
    this.version++;
    return this;
  }

  async changes(): Promise<DirectoryChanges> {
    this.asked++;
    if (this.broken) throw this.broken;
    return {
      version: this.version,
      changed: {
        organisations: [],
        assets: [],
        rules: [],
        networkServers: [],
        codecs: [],
        deviceModels: [],
        devices: [...this.#devices.values()],
        credentials: [...this.#credentials.values()].flat(),
      },
      deleted: [...this.#deleted].flatMap((id) => [
        { kind: 'devices' as const, id },
        { kind: 'credentials' as const, id },
      ]),
    };
  }
}
