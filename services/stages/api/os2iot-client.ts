/** Reads OS2iot's REST API as its API keys may: bounded in time, size and number, and without ever saying the key. */
import type {
  Application,
  Connection,
  DataTarget,
  Gateway,
  IotDevice,
  PayloadDecoder,
} from '../../knowledge/os2iot/shapes.ts';
import * as shapes from '../../knowledge/os2iot/shapes.ts';
import { words } from '../../knowledge/os2iot/words.ts';
import type { Text } from '../../model/rule.ts';
import { networkReason, type Outgoing } from '../../pipeline/outgoing/request.ts';
import { invalid } from './problems.ts';

const ANSWER_MS = 20_000;
const MOST_BYTES = 10 * 1024 * 1024;
const PAGE = 100;
const MOST_ROWS = 20_000;
/** Details are asked for one by one: so many at a time. */
const AT_ONCE = 4;

/** What a list or a row could not give: told in the report, the rest goes on. */
export interface Unread {
  path: string;
  why: Text;
}

export interface Os2iotContent {
  organizationId: number | undefined;
  applications: { application: Application; devices: IotDevice[] }[];
  decoders: PayloadDecoder[];
  connections: Connection[];
  dataTargets: DataTarget[];
  gateways: Gateway[];
  unread: Unread[];
}

export interface ReadOs2iotOptions {
  outgoing: Outgoing;
  /** `https://os2iot.example.dk`, with or without `/api/v1`. */
  url: URL;
  apiKey: string;
  /** Its own id there; found out from the applications when absent. */
  organizationId?: number | undefined;
  /** Only these; all when absent. */
  applications?: readonly number[] | undefined;
  /** Of the whole. */
  signal: AbortSignal;
}

/** @throws Problem `invalid-input` that says what OS2iot answered, or that it does not answer. */
export async function readOs2iot(options: ReadOs2iotOptions): Promise<Os2iotContent> {
  const reader = new Reader(options);
  const { organizationId, applications: chosen } = options;
  const ofOrganisation = organizationId === undefined ? '' : `organizationId=${organizationId}`;
  const listed = await reader.list('/application', shapes.readRow, ofOrganisation).catch((error: unknown) => {
    throw error instanceof Refused ? invalid('/apiKey', 'the API key may not read applications') : error;
  });
  const wanted = listed.filter(({ id }) => !chosen || chosen.includes(id));
  const applications = await eachOf(wanted, async ({ id }) => {
    const application = await reader.one(`/application/${id}`, shapes.readApplication);
    return application && { application, devices: await reader.devices(id) };
  });
  const organisations = new Set(applications.map(({ application }) => application.belongsTo?.id));
  const only = organisations.size === 1 ? [...organisations][0] : undefined;
  const organisation = organizationId ?? only;
  return {
    organizationId: organisation,
    applications,
    decoders: await reader.optional('/payload-decoder', shapes.readPayloadDecoder),
    connections: await reader.optional('/iot-device-payload-decoder-data-target-connection', shapes.readConnection),
    dataTargets: await reader.optional('/data-target', shapes.readDataTarget),
    gateways: await reader.gateways(organisation),
    unread: reader.unread,
  };
}

type Read<T> = (value: unknown) => T | undefined;

class Reader {
  readonly unread: Unread[] = [];
  #o: ReadOs2iotOptions;
  #base: string;

  constructor(options: ReadOs2iotOptions) {
    this.#o = options;
    const path = options.url.pathname.replace(/\/+$/, '');
    this.#base = options.url.origin + (path.endsWith('/api/v1') ? path : `${path}/api/v1`);
  }

  /** Every row of a list; what is not as documented is noted and left out. */
  async list<T>(path: string, read: Read<T>, query = ''): Promise<T[]> {
    const found: T[] = [];
    for (let offset = 0; offset < MOST_ROWS; offset += PAGE) {
      const answer = await this.#get(`${path}?limit=${PAGE}&offset=${offset}${query && `&${query}`}`);
      const page = shapes.readList(answer);
      if (!page) throw invalid('/url', `${path} answered something else than OS2iot documents`);
      for (const row of page.data) {
        const known = read(row);
        if (known) found.push(known);
        else this.#unread(path, words.undocumented(path));
      }
      if (page.data.length === 0 || offset + page.data.length >= page.count) break;
    }
    return found;
  }

  /** A list that a key may not be allowed to read. */
  async optional<T>(path: string, read: Read<T>): Promise<T[]> {
    try {
      return await this.list(path, read);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#unread(path, words.unreadable(path));
      return [];
    }
  }

  async one<T>(path: string, read: Read<T>): Promise<T | undefined> {
    try {
      const known = read(await this.#get(path));
      if (!known) this.#unread(path, words.undocumented(path));
      return known;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#unread(path, words.unreadable(path));
      return undefined;
    }
  }

  async devices(application: number): Promise<IotDevice[]> {
    const rows = await this.optional(`/application/${application}/iot-devices`, shapes.readRow);
    return await eachOf(rows, ({ id }) => this.one(`/iot-device/${id}`, shapes.readIotDevice));
  }

  /** Everybody's gateways are listed: without knowing which organisation asks, none is taken. */
  async gateways(organizationId: number | undefined): Promise<Gateway[]> {
    const path = '/chirpstack/gateway';
    if (organizationId === undefined) {
      this.#unread(path, words.gatewayOrganisation);
      return [];
    }
    const list = await this.one(`${path}?organizationId=${organizationId}`, shapes.readGatewayList);
    const gateways = (list?.resultList ?? []).flatMap((row) => {
      const gateway = shapes.readGateway(row);
      if (!gateway) this.#unread(path, words.undocumented(path));
      return gateway ?? [];
    });
    return gateways.filter((gateway) => gateway.organizationId === organizationId);
  }

  async #get(pathAndQuery: string): Promise<unknown> {
    const { outgoing, apiKey, signal } = this.#o;
    const path = pathAndQuery.split('?', 1)[0]!; // split gives one at least
    const url = new URL(this.#base + pathAndQuery);
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
    const headers = { 'x-api-key': apiKey, accept: 'application/json' };
    const { status, body, complete } = await outgoing(url, {
      method: 'GET',
      headers,
      signal: deadline,
      mostBytes: MOST_BYTES,
    }).catch((error: unknown) => {
      if (signal.aborted)
        throw invalid('/applications', 'reading all of it takes too long: import some applications at a time');
      const reason = deadline.aborted ? `no answer within ${ANSWER_MS / 1000} s` : networkReason(error);
      throw invalid('/url', `${url.host} does not answer: ${reason}`);
    });
    if (status === 401) throw invalid('/apiKey', `${url.host} does not know the API key`);
    if (status === 403 || status === 404) throw new Refused(`${path} answered ${status}`);
    if (status !== 200) throw invalid('/url', `${url.host}${url.pathname} answered ${status}`);
    if (!complete)
      throw invalid('/url', `${url.host}${url.pathname} answered more than ${MOST_BYTES} bytes, or broke off`);
    try {
      return JSON.parse(body.toString());
    } catch {
      throw invalid('/url', `${url.host}${url.pathname} did not answer JSON: is this OS2iot?`);
    }
  }

  #unread(path: string, why: Text): void {
    if (!this.unread.some((u) => u.path === path)) this.unread.push({ path, why });
  }
}

/** The key may not read this; OS2iot says 403, and 404 for what is not its organisation's. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** In the order of `items`, a few at a time, without those that gave nothing. */
async function eachOf<A, B>(items: readonly A[], work: (item: A) => Promise<B | undefined>): Promise<B[]> {
  const results: (B | undefined)[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++;
      try {
        results[i] = await work(items[i]!); // i is within
      } catch (error) {
        next = items.length; // the others begin nothing more
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results.filter((result) => result !== undefined);
}
