/** Server-sent events: readings and alerts as they come, with resume. https://html.spec.whatwg.org/#server-sent-events */
import type { ServerResponse } from 'node:http';
import Type, { type Static } from 'typebox';
import { decide, maySeeReading } from '../../knowledge/access/decide.ts';
import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import type { FeedPosition, Listener, LiveReading } from '../../model/live.ts';
import { markNames } from '../../model/readings.ts';
import { formatTime } from '../../model/time.ts';
import type { Principal } from '../../model/token.ts';
import type { Ops } from '../../ops/ops.ts';
import { BoundedWriter, WriteBudget } from '../../pipeline/bounded-writer.ts';
import { showAlert } from './alerts.ts';
import { authenticate } from './authenticate.ts';
import { endpoint } from './endpoint.ts';
import { Problem } from './problems.ts';
import { readNames } from './query.ts';
import { Names } from './schemas/common.ts';
import type { Services } from './services.ts';

const STUCK_MS = 8000;
const MOST_BYTES_EACH = 4 * 1024 * 1024;
const MOST_BYTES_ALL = 64 * 1024 * 1024;
const MOST_STREAMS = 1000;
/** A browser opens one a page; an address may be a whole municipality's. */
const MOST_STREAMS_EACH = 100;
/** With the cache's 30 s, a revoked token ends its streams within 60 s. */
const RECHECK_MS = 20_000;

/** What all streams of one API share. */
export class Streams {
  readonly budget = new WriteBudget(MOST_BYTES_ALL);
  readonly givenUp;
  #open = new Map<ServerResponse, string>();

  constructor({ metrics }: Pick<Ops, 'metrics'>) {
    this.givenUp = metrics.counter('stream_disconnected_total', 'Event streams cut off because nobody read them', [
      'reason',
    ]);
  }

  add(key: string, response: ServerResponse): void {
    const own = [...this.#open.values()].filter((k) => k === key).length;
    if (this.#open.size >= MOST_STREAMS || own >= MOST_STREAMS_EACH)
      throw new Problem('too-many', 'There are too many open streams. Close some.', { retryAfterSeconds: 30 });
    this.#open.set(response, key);
    response.once('close', () => this.#open.delete(response));
  }

  closeAll(): void {
    for (const response of this.#open.keys()) response.destroy();
  }
}

const Query = Type.Object(
  { owner: Type.Optional(Names), type: Type.Optional(Names), asset: Type.Optional(Names) },
  { additionalProperties: false },
);

export const get = endpoint(
  { summary: 'Server-sent events reading, alert, heartbeat, reset; Last-Event-ID resumes for 5 minutes', query: Query },
  async (call, services) => {
    const { request, reply, query } = call;
    const { streams, live, heartbeatMs } = services;
    let principal: Principal | undefined = call.principal;
    const response = reply.raw;
    streams.add(principal.role === 'public' ? request.ip : principal.id, response);
    reply.hijack();
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no', // a proxy that collects would make it anything but live
      'x-content-type-options': 'nosniff',
    });
    response.flushHeaders();
    const writer = new BoundedWriter({
      stream: response,
      budget: streams.budget,
      mostBytes: MOST_BYTES_EACH,
      stuckMs: services.stuckMs ?? STUCK_MS,
      onGivenUp: (reason) => {
        streams.givenUp.inc({ reason });
        services.ops.logger.warn({ actor: call.principal.id, reason }, 'stream: not read, cut off');
      },
    });
    const client = new EventClient({ writer, query, services, principal: () => principal });
    let ended = false;
    let stop = (): void => {};
    const recheck = setInterval(async () => {
      const found = await authenticate(request, services).catch(() => undefined);
      // Somebody whose login ended must not go on as the public without noticing.
      if (!found || found.id !== call.principal.id) response.destroy();
      principal = found;
    }, RECHECK_MS).unref();
    const heartbeat = setInterval(() => client.heartbeat(services.now()), heartbeatMs).unref();
    response.once('close', () => {
      ended = true;
      clearInterval(recheck);
      clearInterval(heartbeat);
      stop();
    });
    const lastId = request.headers['last-event-id'];
    const from = typeof lastId === 'string' ? parseEventId(lastId) : undefined;
    try {
      const listening = await live.listen(client, from);
      stop = listening.stop;
      if (ended) return stop();
      client.start(listening.position, lastId === undefined || lastId === '' || listening.resumed, services.now());
    } catch (error) {
      services.ops.logger.error({ err: error }, 'stream: unable to listen');
      response.destroy();
    }
  },
);

interface ClientOptions {
  writer: BoundedWriter;
  query: Static<typeof Query>;
  services: Services;
  principal(): Principal | undefined;
}

class EventClient implements Listener {
  readonly asset: string | undefined;
  #options: ClientOptions;
  #owners: Set<string> | undefined;
  #types: Set<string> | undefined;
  #assets: Set<string> | undefined;
  #position: FeedPosition | undefined;
  #waiting = '';

  constructor(options: ClientOptions) {
    this.#options = options;
    const { owner, type, asset } = options.query;
    this.#owners = setOf(owner);
    this.#types = setOf(type);
    this.#assets = setOf(asset);
    this.asset = this.#assets?.size === 1 ? [...this.#assets][0] : undefined;
  }

  wants(series: { asset: string; owner: string; type: string }): boolean {
    if (!this.#fits(series)) return false;
    const asset = this.#options.services.directory.asset(series.asset);
    const principal = this.#options.principal();
    return asset !== undefined && principal !== undefined && maySeeReading(principal, asset);
  }

  wantsAlert(alert: { asset: string; owner: string; operator: string; type: string }): boolean {
    const principal = this.#options.principal();
    return principal !== undefined && this.#fits(alert) && decide(principal, 'read-alerts', alert).allowed;
  }

  #fits({ asset, owner, type }: { asset: string; owner: string; type: string }): boolean {
    return (
      (!this.#assets || this.#assets.has(asset)) &&
      (!this.#owners || this.#owners.has(owner)) &&
      (!this.#types || this.#types.has(type))
    );
  }

  get busy(): boolean {
    return this.#options.writer.busy;
  }

  reading(reading: LiveReading): void {
    const at = { readings: reading.offset + 1, alerts: this.#position?.alerts ?? 0 };
    this.#event('reading', showReading(reading, this.#options.services.catalogue), at);
  }

  alert(alert: Parameters<typeof showAlert>[0], offset: number): void {
    this.#event('alert', showAlert(alert), { readings: this.#position?.readings ?? 0, alerts: offset + 1 });
  }

  flush(position: FeedPosition): void {
    this.#position = position;
    if (this.#waiting === '') return;
    this.#options.writer.write(Buffer.from(this.#waiting));
    this.#waiting = '';
  }

  skipped(position: FeedPosition): void {
    this.#event('reset', { reason: 'behind' }, position);
    this.flush(position);
  }

  /** The first events: `reset` when what was missed cannot be given, and a heartbeat that carries an id. */
  start(position: FeedPosition, whole: boolean, now: number): void {
    if (!whole) this.#event('reset', { reason: 'too-old' }, position);
    this.#position ??= position;
    this.heartbeat(now);
  }

  heartbeat(now: number): void {
    if (!this.#position) return;
    this.#event('heartbeat', { time: formatTime(now) }, this.#position);
    this.flush(this.#position);
  }

  #event(name: string, data: object, at: FeedPosition): void {
    this.#position = at;
    this.#waiting += `event: ${name}\nid: ${at.readings}-${at.alerts}\ndata: ${JSON.stringify(data)}\n\n`;
  }
}

function setOf(names: string | undefined): Set<string> | undefined {
  return names === undefined ? undefined : new Set(readNames(names));
}

/** `undefined` for what we never gave out. */
function parseEventId(id: string): FeedPosition | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(id);
  return match ? { readings: Number(match[1]), alerts: Number(match[2]) } : { readings: -1, alerts: -1 };
}

function showReading({ series, time, value, received, marks }: LiveReading, catalogue: Catalogue) {
  const quantity = catalogue.quantity(series.quantity);
  const state = quantity?.states?.[value]?.name;
  return {
    asset: series.asset,
    owner: series.owner,
    type: series.type,
    quantity: series.quantity,
    unit: quantity?.unit ?? '',
    value,
    ...(state !== undefined && { state }),
    time: formatTime(time),
    received: formatTime(received),
    marks: markNames(marks),
  };
}
