/** All network servers of the installation: one link for each that is reached over MQTT, as the registry has them now. */
import type { Outage } from '../../model/alert.ts';
import type { CommandSender, Downlink } from '../../model/command-sender.ts';
import type { ConnectionState } from '../../model/connection-state.ts';
import { Rejected, Unavailable } from '../../model/errors.ts';
import { etagOf } from '../../model/etag.ts';
import type { NetworkServer } from '../../model/network-server.ts';
import type { Entities, Registry } from '../../model/registry.ts';
import type { ForwardedUplink } from '../../model/uplink.ts';
import type { Ops } from '../../ops/ops.ts';
import { postedEvent } from './event-message.ts';
import { linkMetrics } from './link-state.ts';
import { type LinkTimes, NetworkServerLink } from './network-server-link.ts';

export interface NetworkServersOptions {
  registry: { networkServers: Pick<Entities<NetworkServer>, 'list'>; watch: Registry['watch'] };
  door: { acceptForwarded(uplinks: readonly ForwardedUplink[]): Promise<void> };
  /** Rules must know that devices behind it are not silent. Must not throw. */
  outage(outage: Outage): void;
  /** Of this installation: two that share a broker must not take each other's session. ASCII, at most 16 characters. */
  installation: string;
  /** Of this process: where no session is kept, a new process must not push out the one that is still ending. */
  process: string;
  allowPrivateTargets: boolean;
  ops: Ops;
  /** Epoch ms. */
  now?: () => number;
  times?: Partial<LinkTimes>;
}

export interface NetworkServers extends CommandSender {
  /** Resolves when the links of all there are have been begun, not when they stand. */
  start(): Promise<void>;
  stop(): Promise<void>;
  state(server: NetworkServer): ConnectionState;
  /**
   * A message that the network server posted. Resolves when it is on disk.
   * @throws as IngestDoor.acceptForwarded
   */
  posted(server: NetworkServer, event: string, payload: Uint8Array): Promise<void>;
}

const TIMES: LinkTimes = { backoff: { firstMs: 500, mostMs: 20_000 }, awayMs: 20_000, backMs: 5_000 };
/** Registries change often and network servers seldom: so many changes are one look. */
const LOOK_MS = 300;
/** For the day the registry's signal does not come. */
const LOOK_ANYWAY_MS = 10_000;

interface Linked {
  link: NetworkServerLink;
  server: NetworkServer;
  etag: string;
}

/** What came in by webhook, and since when we know of it. */
interface Posted {
  since: number;
  messages: number;
  lastMessageAt?: number;
}

export function createNetworkServers(options: NetworkServersOptions): NetworkServers {
  const { registry, door, installation, allowPrivateTargets, ops, now = Date.now } = options;
  const times = { ...TIMES, ...options.times };
  const metrics = linkMetrics(ops);
  const links = new Map<string, Linked>();
  const posted = new Map<string, Posted>();
  const begun = now();
  let timer: NodeJS.Timeout | undefined;
  let anyway: NodeJS.Timeout | undefined;
  let unwatch = (): void => {};
  let looking: Promise<void> = Promise.resolve();
  let stopped = false;

  const open = (server: NetworkServer): void => {
    // A session needs a name that is ours for good; without one, every process has its own.
    const own = server.kind === 'tts' ? `-${options.process}` : '';
    const link = new NetworkServerLink({
      server,
      clientId: `sansevaerk-${installation}-${server.id}${own}`,
      accept: (uplinks) => door.acceptForwarded(uplinks),
      outage: options.outage,
      allowPrivateTargets,
      ops,
      metrics,
      now,
      times,
    });
    links.set(server.id, { link, server, etag: connectionTag(server) });
  };

  const look = async (): Promise<void> => {
    const servers = await all(registry.networkServers);
    if (stopped) return;
    const wanted = new Map(servers.filter((s) => s.enabled && s.transport === 'mqtt').map((s) => [s.id, s]));
    await Promise.all(
      [...links].map(async ([id, { link, server, etag }]) => {
        const next = wanted.get(id);
        if (next && connectionTag(next) === etag) return;
        links.delete(id);
        // Only who listens to the same goes on with what the broker kept.
        await link.stop({ leave: !next || sessionTag(next) !== sessionTag(server) });
      }),
    );
    for (const server of wanted.values()) if (!links.has(server.id) && !stopped) open(server);
    const known = new Set(servers.map((s) => s.id));
    for (const id of posted.keys()) if (!known.has(id)) posted.delete(id);
  };
  const lookSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      looking = looking.then(look).then(
        () => ops.alerts.clear('network-servers-unread'),
        (error: unknown) =>
          ops.alerts.raise(
            'network-servers-unread',
            `the registry does not tell the network servers: ${String(error)}`,
          ),
      );
    }, LOOK_MS).unref();
  };

  return {
    async start() {
      unwatch = registry.watch(lookSoon);
      anyway = setInterval(lookSoon, LOOK_ANYWAY_MS).unref();
      await look();
    },
    async stop() {
      stopped = true;
      unwatch();
      clearTimeout(timer);
      clearInterval(anyway);
      await looking;
      await Promise.all([...links.values()].map(({ link }) => link.stop({ leave: false })));
      links.clear();
    },
    state(server) {
      if (!server.enabled) return { connection: 'off', since: begun, messages: 0 };
      const linked = links.get(server.id);
      if (linked) return linked.link.state();
      const heard = posted.get(server.id);
      if (server.transport === 'http' && heard) return { connection: 'connected', ...heard };
      return { connection: 'connecting', since: begun, messages: 0 };
    },
    async posted(server, event, payload) {
      const { uplink } = postedEvent(server, event, payload);
      await door.acceptForwarded([uplink]);
      const at = now();
      const { since = at, messages = 0 } = posted.get(server.id) ?? {};
      posted.set(server.id, { since, messages: messages + 1, lastMessageAt: at });
      metrics.messages.inc({ server: server.id });
    },
    async send(networkServer: string, downlink: Downlink) {
      const linked = links.get(networkServer);
      if (linked) return await linked.link.send(downlink);
      const [server] = (await all(registry.networkServers)).filter((s) => s.id === networkServer);
      if (server?.enabled && server.transport === 'mqtt')
        throw new Unavailable(`network server ${networkServer}: no connection now`);
      throw new Rejected('no-command-path', `network server ${networkServer}: commands need it enabled and over MQTT`);
    },
  };
}

async function all(servers: Pick<Entities<NetworkServer>, 'list'>): Promise<NetworkServer[]> {
  const found: NetworkServer[] = [];
  let cursor: string | undefined;
  do {
    const page = await servers.list({}, { limit: 500, ...(cursor !== undefined && { cursor }) });
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

/** Of all that a link depends on: with the same tag the connection stays as it is. */
function connectionTag({ tokens: _, name: __, serves: ___, ...server }: NetworkServer): string {
  return etagOf(server);
}

/** Of what the broker's session is about. */
function sessionTag({ url, username, eventTopic, gatewayTopic, kind }: NetworkServer): string {
  return etagOf({ url, username, eventTopic, gatewayTopic, kind });
}
