/** LoRaWAN gateways: those somebody entered and those that were heard of, as one list. */
import Type from 'typebox';
import { decide, decidePut, ownersSeen } from '../../knowledge/access/decide.ts';
import type { GatewayReport } from '../../model/device-report.ts';
import { type Gateway, GatewayBody } from '../../model/gateway.ts';
import { formatTime } from '../../model/time.ts';
import { type Call, endpoint } from './endpoint.ts';
import { invalid, notFound } from './problems.ts';
import { putEntity } from './put.ts';
import { AnyId, NewId } from './schemas/common.ts';
import type { Services } from './services.ts';

/** Frames come every few hours from some devices, but a gateway hears all there are around. */
const SILENT_MS = 2 * 3_600_000;

const Shown = Type.Object({
  id: Type.String(),
  owner: Type.String(),
  name: Type.Optional(Type.String()),
  location: Type.Optional(Type.Unknown()),
  contact: Type.Optional(Type.String()),
  networkServer: Type.Optional(Type.String()),
  state: Type.Enum(['online', 'offline', 'silent', 'never-heard']),
  lastSeen: Type.Optional(Type.String()),
  uplinksLastHour: Type.Integer(),
  uplinksHourBefore: Type.Integer(),
  devices: Type.Integer({ description: 'heard within a day' }),
  devicesAlone: Type.Integer({ description: 'that no other gateway hears' }),
});

export const list = endpoint(
  { summary: 'Gateways: entered or heard of, by id', answer: Type.Object({ items: Type.Array(Shown) }) },
  async ({ principal }, services) => {
    const owners = ownersSeen(principal);
    const entered = await allEntered(services, owners);
    const reports = services.gatewayReports?.(services.now()) ?? [];
    const seen = reports.filter((r) => !owners || owners.includes(r.owner));
    const rest = [...entered.values()].filter(({ id }) => !seen.some((r) => r.id === id));
    const items = [
      ...seen.map((report) => show(entered.get(report.id), report, services.now())),
      ...rest.map((gateway) => show(gateway, undefined, services.now())),
    ];
    return { items: items.sort((a, b) => (a.id < b.id ? -1 : 1)) };
  },
);

async function allEntered(
  { registry }: Services,
  owners: readonly string[] | undefined,
): Promise<Map<string, Gateway>> {
  const found = new Map<string, Gateway>();
  let cursor: string | undefined;
  do {
    const page = await registry.gateways.list(
      { ...(owners && { owners }) },
      { limit: 1000, ...(cursor !== undefined && { cursor }) },
    );
    for (const gateway of page.items) found.set(gateway.id, gateway);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

function show(gateway: Gateway | undefined, report: GatewayReport | undefined, now: number) {
  const at = report?.location;
  return {
    id: gateway?.id ?? report?.id ?? '',
    owner: gateway?.owner ?? report?.owner ?? '',
    ...(gateway && { name: gateway.name, ...(gateway.contact !== undefined && { contact: gateway.contact }) }),
    ...(at && { location: { lat: at.latitude, lon: at.longitude } }),
    ...(gateway?.location && { location: gateway.location }),
    ...(report && { networkServer: report.networkServer }),
    state: stateOf(report, now),
    ...(report && report.lastSeen > 0 && { lastSeen: formatTime(report.lastSeen) }),
    uplinksLastHour: report?.uplinksLastHour ?? 0,
    uplinksHourBefore: report?.uplinksHourBefore ?? 0,
    devices: report?.devices.length ?? 0,
    devicesAlone: report?.devices.filter((d) => d.alone).length ?? 0,
  };
}

/** The network server's word where it gives one and nothing was heard since; else whether it hears anything. */
function stateOf(report: GatewayReport | undefined, now: number) {
  if (!report) return 'never-heard';
  const { online, onlineAt = 0, lastSeen } = report;
  if (online === false && onlineAt >= lastSeen) return 'offline';
  if (online === true && onlineAt >= lastSeen) return 'online';
  return now - lastSeen > SILENT_MS ? 'silent' : 'online';
}

async function find(call: Call<{ id: string }>, services: Services) {
  const id = call.params.id.toLowerCase();
  const gateway = await services.registry.gateways.get(id);
  const reports = (services.gatewayReports?.(services.now()) ?? []).filter((r) => r.id === id);
  // Two network servers may share a gateway, each organisation sees what its own one told.
  const report = reports.find((r) => decide(call.principal, 'read-gateways', r).allowed);
  const mine = gateway && decide(call.principal, 'read-gateways', gateway).allowed ? gateway : undefined;
  call.must('read-gateways', mine ?? report ?? gateway, 'gateway', id);
  return { gateway: mine, report };
}

export const get = endpoint(
  {
    summary: 'One gateway, with the devices it hears and those that only it hears',
    params: AnyId,
    answer: Type.Object({ ...Shown.properties, heard: Type.Array(Type.Unknown()) }),
  },
  async (call, services) => {
    const { gateway, report } = await find(call, services);
    const heard = (report?.devices ?? []).map(({ at, ...d }) => ({ ...d, at: formatTime(at) }));
    return { ...show(gateway, report, services.now()), heard };
  },
);

export const put = endpoint(
  { summary: 'Enter or change a gateway', params: NewId, body: GatewayBody, answer: Shown },
  async (call, services) => {
    const { registry, now } = services;
    const { id } = call.params;
    const stored = await registry.gateways.get(id);
    const conditional = call.request.headers['if-match'] !== undefined;
    const decision = decidePut(call.principal, 'edit-gateways', stored, { owner: call.body.owner }, conditional);
    call.settle(decision, { action: 'edit-gateways', what: 'gateway', id });
    if (!(await registry.organisations.get(call.body.owner)))
      throw invalid('/owner', `there is no organisation "${call.body.owner}"`);
    const next: Gateway = { ...call.body, id };
    await putEntity(call, {
      kind: 'gateway',
      owner: next.owner,
      stored,
      next,
      put: (g, options) => registry.gateways.put(g, options),
    });
    return show(
      next,
      services.gatewayReports?.(now()).find((r) => r.id === id && r.owner === next.owner),
      now(),
    );
  },
);

export const remove = endpoint(
  { summary: 'Delete what was entered of a gateway; what was heard of it stays', params: AnyId, status: 204 },
  async (call, { registry }) => {
    const { id } = call.params;
    const { owner } = call.must('edit-gateways', await registry.gateways.get(id), 'gateway', id);
    if (!(await registry.gateways.delete(id))) throw notFound('gateway');
    await call.changed('delete-gateway', `gateway/${id}`, owner);
    call.reply.code(204);
  },
);
