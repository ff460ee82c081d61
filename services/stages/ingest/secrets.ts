/**
 * Who is this device? Compares a secret with the hashes of the directory; semantics: Secrets. Shared by MQTT and HTTP.
 * A miss asks the registry before anything is refused: the device may have been registered a second ago.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Credential, Device } from '../../model/device.ts';
import type { Directory } from '../../model/directory.ts';
import { Unavailable } from '../../model/errors.ts';
import { hashSecret } from '../../model/secret.ts';
import type { LoginLimiter } from './login-limiter.ts';

const FORMER_MS = 7 * 86_400_000;

/** Told once, when the present secret of a device is first used: the former one ends. */
export type CredentialUsed = (device: string, hash: string, at: number) => Promise<void>;

export interface SecretsOptions {
  directory: Directory;
  limiter: LoginLimiter;
  credentialUsed: CredentialUsed;
  /** Epoch ms. */
  now(): number;
  /** Longest wait for the registry, ms. */
  deadlineMs: number;
}

export type Verdict =
  | { kind: 'known'; device: Device; hash: string }
  | { kind: 'refused'; reason: 'unknown-device' | 'wrong-secret' | 'too-many-failures' };

export class Secrets {
  #options: SecretsOptions;
  #directory: Directory;
  // Hashes first used here that the directory does not show as used yet. `told`: the registry has heard of it.
  #used = new Map<string, { device: string; told: boolean }>();

  constructor(options: SecretsOptions) {
    this.#options = options;
    this.#directory = options.directory;
  }

  /** @throws Unavailable when the registry had to be asked and does not answer. */
  async verify(device: string, secret: Uint8Array, address: string): Promise<Verdict> {
    const { limiter } = this.#options;
    if (!limiter.allows(device, address, performance.now())) return { kind: 'refused', reason: 'too-many-failures' };
    const hash = hashSecret(secret);
    const found = this.#check(device, hash) ?? (await this.#ask(() => this.#check(device, hash)));
    if (!found) {
      limiter.failed(device, address, performance.now());
      const reason = this.#directory.device(device) ? 'wrong-secret' : 'unknown-device';
      return { kind: 'refused', reason };
    }
    limiter.succeeded(device, address);
    this.#use(found.credential);
    return { kind: 'known', device: found.device, hash };
  }

  /** A device that showed a client certificate: its name is proven, so it only has to exist. */
  async byName(device: string): Promise<Device | undefined> {
    return this.#directory.device(device) ?? (await this.#ask(() => this.#directory.device(device)));
  }

  /** Does a connection made with this secret still stand? Asked after every change of the directory. */
  stillValid(device: string, hash: string): boolean {
    return this.#check(device, hash) !== undefined;
  }

  async #ask<T>(look: () => T | undefined): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const { deadlineMs } = this.#options;
      timer = setTimeout(() => reject(new Unavailable(`no answer within ${deadlineMs} ms`)), deadlineMs);
    });
    try {
      await Promise.race([this.#directory.refresh(), late]);
    } catch (cause) {
      throw new Unavailable('ingest: unable to ask the registry about a device', { cause });
    } finally {
      clearTimeout(timer);
    }
    return look();
  }

  #check(id: string, hash: string): { device: Device; credential: Credential } | undefined {
    const device = this.#directory.device(id);
    if (!device) return undefined;
    const now = this.#options.now();
    const [present, ...former] = this.#directory.credentials(id);
    if (!present) return undefined;
    const ended = present.usedAt !== undefined || this.#used.has(present.hash);
    if (same(present.hash, hash) && !(present.expiresAt !== undefined && now >= present.expiresAt))
      return { device, credential: present };
    for (const credential of former) {
      const until = Math.min(credential.expiresAt ?? Number.POSITIVE_INFINITY, present.createdAt + FORMER_MS);
      if (!ended && now < until && same(credential.hash, hash)) return { device, credential };
    }
    return undefined;
  }

  #use({ device, hash, usedAt }: Credential): void {
    const [present] = this.#directory.credentials(device);
    if (usedAt !== undefined || present?.hash !== hash || this.#used.get(hash)?.told) return;
    const use = { device, told: true };
    this.#used.set(hash, use);
    // The former one has ended here and now. If the registry does not hear of it, the next login tells it again.
    this.#options.credentialUsed(device, hash, this.#options.now()).catch(() => {
      use.told = false;
    });
  }

  /** Forgets what the directory knows by now. Called after every change of it. */
  settle(): void {
    for (const [hash, { device }] of this.#used) {
      const credential = this.#directory.credentials(device).find((c) => c.hash === hash);
      if (credential?.usedAt !== undefined || !credential) this.#used.delete(hash);
    }
  }
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
