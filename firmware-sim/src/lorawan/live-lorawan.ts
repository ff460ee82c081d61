/**
 * The LoRaWAN part of the demo: two network servers that post to the platform's webhooks, what they hear of their devices, and
 * one device that nobody has registered yet.
 */
import { type ApiClient, createApiClient, forEachLimited } from '../http/api-client.ts';
import { kindOf } from '../kinds/list.ts';
import { PLACES } from '../region/places.ts';
import { createClock } from '../world/clock.ts';
import { HOUR } from '../world/local-time.ts';
import { createFleet, type Fleet, serverMessages } from './create-fleet.ts';
import { type ServerKind, webhookDelivery } from './deliver.ts';
import { lorawanModelOf } from './models.ts';
import type { RadioGateway } from './radio.ts';
import { type RunServerResult, runServer } from './run-server.ts';
import type { LorawanDevice } from './transmission.ts';

export interface LiveLorawanOptions {
  /** `http://host:port` */
  apiUrl: string;
  adminToken: string;
  seed?: string | number;
  signal?: AbortSignal;
  /** One line about each part of the work. */
  log?(line: string): void;
}

export interface LiveLorawan {
  devices: number;
  gateways: number;
  /** EUIs that are heard and not registered. */
  unknown: string[];
  /** Resolves when the devices have stopped, after the signal. */
  done: Promise<RunServerResult>;
}

interface PlannedServer {
  id: string;
  name: string;
  kind: ServerKind;
  /** A municipality of the region; it owns all of this. */
  place: string;
  application: { id: string; name: string };
  gateways: readonly string[];
  devices: readonly { model: string; name: string; unknown?: boolean }[];
}

const PLAN: readonly PlannedServer[] = [
  {
    id: 'egholt-chirpstack',
    name: 'ChirpStack, Egholt Kommune',
    kind: 'chirpstack',
    place: 'egholt',
    application: { id: '9a7d2c11-0c4e-4a55-8a51-1f6f0a2b7c02', name: 'egholt-drift' },
    gateways: ['Rådhuset', 'Vandtårnet', 'Havnen'],
    devices: [
      { model: 'milesight-em400-mud', name: 'Affaldskurv Torvet' },
      { model: 'milesight-em400-mud', name: 'Affaldskurv Stationen' },
      { model: 'milesight-em300-mcs-ring', name: 'Redningskrans Lystbådehavnen' },
      { model: 'milesight-em500-swl', name: 'Brønd Parkvej' },
      { model: 'decentlab-dl-pr26', name: 'Pst. Engvej' },
      { model: 'elsys-ers-co2', name: 'Klasselokale 3.b' },
      { model: 'dragino-ldds75', name: 'Åen ved Møllen', unknown: true },
    ],
  },
  {
    id: 'fjordvig-tts',
    name: 'The Things Stack, Fjordvig Kommune',
    kind: 'tts',
    place: 'fjordvig',
    application: { id: 'fjordvig', name: 'fjordvig' },
    gateways: ['Biblioteket', 'Skolen'],
    devices: [
      { model: 'milesight-em400-mud', name: 'Affaldskurv Strandvejen' },
      { model: 'milesight-am307', name: 'Mødelokale Fjorden' },
      { model: 'dragino-ldds75', name: 'Åen ved Jernbanebroen' },
    ],
  },
];

/** What was measured before the demo began is posted first, so that there is something to see. */
const BEFORE_MS = 12 * HOUR;
/** Seconds between frames while it runs: news within a minute. */
const LIVE_INTERVAL = 45;

/** Registers everything and begins to post. The region's organisations must be there. Rejects when the platform refuses. */
export async function liveLorawan(options: LiveLorawanOptions): Promise<LiveLorawan> {
  const { apiUrl, adminToken, seed = 1, signal, log = () => {} } = options;
  const api = createApiClient({ apiUrl, token: adminToken, ...(signal ? { signal } : {}) });
  const live: Omit<LiveLorawan, 'done'> = { devices: 0, gateways: 0, unknown: [] };
  const now = Date.now();
  // With data kept from an earlier run, another account of the same hours is no use.
  const known = await knownServers(api);
  const running: Promise<RunServerResult>[] = [];
  for (const planned of PLAN) {
    const fleet = fleetOf(planned, String(seed));
    const startMs = known.has(planned.id) ? now : now - BEFORE_MS;
    const token = await enter(api, planned, fleet);
    live.devices += fleet.devices.length;
    live.gateways += fleet.gateways.length;
    live.unknown.push(...fleet.devices.filter((_, i) => planned.devices[i]?.unknown).map((d) => d.devEui));
    const delivery = webhookDelivery(`${apiUrl}/api/v1/network-servers/${planned.id}/events`, planned.kind, token);
    running.push(
      runServer({
        devices: fleet.devices.map((device) =>
          serverMessages({
            device,
            gateways: fleet.gateways,
            kind: planned.kind,
            names: { tenant: planned.kind === 'tts' ? 'ttn' : planned.place, application: planned.application },
            seed: String(seed),
            startMs,
            live: { fromMs: now, intervalSeconds: LIVE_INTERVAL },
          }),
        ),
        clock: createClock({ start: Date.now(), speed: 1 }),
        delivery,
        inFlight: 8,
        ...(signal ? { signal } : {}),
        onProblem: ({ message }) => log(`${planned.name}: ${message}`),
      }),
    );
  }
  log(
    `${PLAN.length} LoRaWAN network servers, ${live.gateways} gateways, ${live.devices} devices, ${live.unknown.length} of them to claim`,
  );
  const done = Promise.all(running).then((results) => ({
    sent: results.reduce((sum, r) => sum + r.sent, 0),
    taken: results.reduce((sum, r) => sum + r.taken, 0),
  }));
  done.catch(() => {}); // seen by whoever awaits it
  return { ...live, done };
}

async function knownServers(api: ApiClient): Promise<Set<unknown>> {
  const answer = await api.get('/network-servers');
  const items = typeof answer === 'object' && answer !== null && 'items' in answer ? answer.items : undefined;
  return new Set(Array.isArray(items) ? items.map((item: { id?: unknown }) => item.id) : []);
}

/** Gateways and devices under the plan's names, where chance puts them. */
function fleetOf({ id, place, gateways, devices }: PlannedServer, seed: string): Fleet {
  const { centre } = PLACES.find((p) => p.id === place)!; // the plan names places of the region
  const parts = devices.map(({ model, name }, i) => {
    const one = {
      seed: `${id} ${i} ${seed}`,
      models: [lorawanModelOf(model)],
      perModel: 1,
      gateways: 0,
      centre,
      radius: 2,
    };
    const device: LorawanDevice = { ...createFleet(one).devices[0]!, name }; // one model, one device
    return device;
  });
  const around = createFleet({
    seed: `${id} ${seed}`,
    models: [],
    perModel: 0,
    gateways: gateways.length,
    centre,
    radius: 2,
  });
  return { gateways: around.gateways.map((g, i) => ({ ...g, name: gateways[i] ?? g.name })), devices: parts };
}

/** The same call twice changes nothing but the token. Gives the webhook's token. */
async function enter(api: ApiClient, planned: PlannedServer, { gateways, devices }: Fleet): Promise<string> {
  const { id, name, kind, place: owner } = planned;
  await api.put(`/network-servers/${id}`, { owner, name, kind, transport: 'http', enabled: true });
  await forEachLimited(gateways, 4, ({ eui, name: called, position }: RadioGateway) =>
    api.put(`/gateways/${eui}`, { owner, name: called, location: position }),
  );
  const known = devices.filter((_, i) => !planned.devices[i]?.unknown);
  await forEachLimited(known, 4, async (device) => {
    const asset = `lora-${device.devEui}`;
    await api.put(`/assets/${asset}`, {
      owner,
      municipalityCode: PLACES.find((p) => p.id === owner)?.municipalityCode,
      type: kindOf(device.model.kind).assetType,
      name: device.name,
      location: device.position,
      attributes: device.model.mounted?.(device.attributes) ?? device.attributes,
      tags: ['eksempeldata', 'lorawan'],
    });
    const connection = { kind: 'lorawan', devEui: device.devEui, networkServer: id };
    await api.put(`/devices/s-${asset}`, { owner, model: device.model.id, asset, connection });
  });
  return tokenOf(id, await api.post(`/network-servers/${id}/token`, undefined));
}

function tokenOf(id: string, answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'token' in answer && typeof answer.token === 'string')
    return answer.token;
  throw new Error(`network server ${id}: the platform answered without a token`);
}
