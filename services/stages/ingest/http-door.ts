/** Uplinks that come over HTTP. The api thread calls this through a port, so everything is plain data. */
import { Rejected, Unavailable } from '../../model/errors.ts';
import { isId } from '../../model/ids.ts';
import type { ForwardedUplink, Uplink } from '../../model/uplink.ts';
import type { Breaches } from './breaches.ts';
import type { GroupAppend } from './group-append.ts';
import type { IngestLimits } from './limits.ts';
import type { ReadGate } from './read-gate.ts';
import type { Secrets } from './secrets.ts';
import type { DeviceRates } from './token-bucket.ts';

export interface HttpUplink {
  device: string;
  /** The bearer secret, as it came. */
  secret: string;
  body: Uint8Array;
  idempotencyKey?: string;
  /** Of the client, for the failed-login limiter. */
  address?: string;
}

export interface ImportUplink {
  device: string;
  owner: string;
  payload: Uint8Array;
}

/** The door as the api sees it. */
export interface IngestDoor {
  /**
   * Resolves when the uplink is durable, with its offset.
   * @throws Rejected `unauthenticated`, `too-large`, `too-many` or `invalid-input`; Unavailable when nothing is taken now.
   */
  acceptHttp(uplink: HttpUplink): Promise<{ uplink: number }>;
  /**
   * History entered by an operator, whose right to do so the caller has checked. Resolves when all of it is durable.
   * @throws Rejected `too-large`; Unavailable when nothing is taken now.
   */
  acceptImport(uplinks: readonly ImportUplink[]): Promise<{ uplinks: number }>;
  /**
   * Resolves when all of them are durable: only then may whoever handed them on be told so.
   * @throws Rejected `too-large` or `invalid-input`; Unavailable when nothing is taken now.
   */
  acceptForwarded(uplinks: readonly ForwardedUplink[]): Promise<void>;
  /** Publishes to `devices/{id}/commands`; resolves when the broker has it for the device's session. */
  sendCommand(device: string, payload: Uint8Array): Promise<void>;
}

/** One uplink of an import at most, bytes: a thousand readings with room to spare. */
const IMPORT_BYTES = 2 * 1024 * 1024;
const MAX_WAITING = 1_000;
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;
const FIXED = { door: 'http', receivedAt: 0, qos: 1, dup: false, packetId: 0, session: '' } as const;

export interface HttpDoorOptions {
  limits: IngestLimits;
  secrets: Secrets;
  rates: DeviceRates;
  group: GroupAppend;
  gate: ReadGate;
  breaches: Breaches;
  nextConnection(): number;
  /** The MQTT door's. */
  command(device: string, payload: Uint8Array): Promise<void>;
}

export class HttpDoor implements IngestDoor {
  #o: HttpDoorOptions;
  #waiting = 0;

  constructor(options: HttpDoorOptions) {
    this.#o = options;
  }

  async acceptHttp({ device, secret, body, idempotencyKey, address = '' }: HttpUplink): Promise<{ uplink: number }> {
    const { limits, secrets, breaches, nextConnection } = this.#o;
    const refuse = (reason: string, code: string, message: string): Rejected => {
      breaches.report({ reason, actor: address || device, object: device });
      return new Rejected(code, message);
    };
    if (body.byteLength > limits.packetBytes)
      throw refuse('packet-too-large', 'too-large', `at most ${limits.packetBytes} bytes in one uplink`);
    if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey))
      throw new Rejected('invalid-input', 'Idempotency-Key: 1 to 255 printable ASCII characters');
    // One answer for all: whoever tries names learns nothing.
    const denied = (reason: string) => refuse(reason, 'unauthenticated', 'device or secret are not right');
    if (!isId(device)) throw denied('unknown-device');
    const verdict = await secrets.verify(device, Buffer.from(secret), address);
    if (verdict.kind === 'refused') throw denied(verdict.reason);
    await this.#rate(device);
    await this.#room();
    const offset = await this.#append([
      {
        ...FIXED,
        device,
        owner: verdict.device.owner,
        kind: 'readings',
        connection: nextConnection(),
        identity: idempotencyKey ?? '',
        payload: body,
      },
    ]);
    return { uplink: offset };
  }

  async acceptImport(uplinks: readonly ImportUplink[]): Promise<{ uplinks: number }> {
    const { nextConnection } = this.#o;
    if (uplinks.some((u) => u.payload.byteLength > IMPORT_BYTES))
      throw new Rejected('too-large', `at most ${IMPORT_BYTES} bytes in one uplink of an import`);
    if (uplinks.length === 0) return { uplinks: 0 };
    await this.#room();
    const connection = nextConnection();
    await this.#append(uplinks.map((u) => ({ ...FIXED, ...u, kind: 'import', connection, identity: '' })));
    return { uplinks: uplinks.length };
  }

  async acceptForwarded(uplinks: readonly ForwardedUplink[]): Promise<void> {
    const { nextConnection, limits } = this.#o;
    if (uplinks.some((u) => u.payload.byteLength > limits.packetBytes))
      throw new Rejected('too-large', `at most ${limits.packetBytes} bytes in one uplink`);
    if (uplinks.some((u) => [u.device, u.session, u.identity].some((text) => Buffer.byteLength(text) > 255)))
      throw new Rejected('invalid-input', 'device, session and identity: at most 255 bytes');
    if (uplinks.length === 0) return;
    await this.#room();
    const connection = nextConnection();
    await this.#append(uplinks.map((u) => ({ ...FIXED, ...u, connection })));
  }

  sendCommand(device: string, payload: Uint8Array): Promise<void> {
    return this.#o.command(device, payload);
  }

  /** All in one group. Gives the offset of the first. */
  #append(uplinks: readonly Uplink[]): Promise<number> {
    return new Promise((resolve, reject) => {
      let first: number | undefined;
      for (const [i, uplink] of uplinks.entries()) {
        this.#o.group.append(uplink, (error, offset) => {
          first ??= offset;
          if (error) reject(error);
          else if (i === uplinks.length - 1) resolve(first);
        });
      }
    });
  }

  async #rate(device: string): Promise<void> {
    const { rates, limits, breaches } = this.#o;
    const bucket = rates.of(device);
    if (!bucket) return;
    const until = performance.now() + limits.rateWaitMs;
    while (!bucket.take(performance.now())) {
      const wait = bucket.wait(performance.now());
      if (this.#waiting >= MAX_WAITING || performance.now() + wait > until) {
        breaches.report({ reason: 'device-rate', actor: device });
        throw new Rejected('too-many', `more than ${limits.deviceRate} messages a second from one device`);
      }
      this.#waiting++;
      await new Promise((resolve) => setTimeout(resolve, wait));
      this.#waiting--;
    }
  }

  /** Waits while too much is under way to the disk. */
  async #room(): Promise<void> {
    const { gate, group, limits } = this.#o;
    while (true) {
      if (gate.mode === 'closed') throw new Unavailable('ingest: no uplinks are taken now');
      if (group.waitingBytes < limits.waitingBytes) return;
      await new Promise<void>((resolve, reject) => {
        group.barrier((error) => (error ? reject(error) : resolve()));
      });
    }
  }
}
