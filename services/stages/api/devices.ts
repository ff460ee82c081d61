/** Devices: the hardware, bound to an asset from one date to another, and its secrets. */
import Type from 'typebox';
import { decide, decideNew, decidePut, ownersSeen } from '../../knowledge/access/decide.ts';
import { type Assignment, type Device, DeviceBody } from '../../model/device.ts';
import { etagOf } from '../../model/etag.ts';
import { speaksFor } from '../../model/network-server.ts';
import type { Registry } from '../../model/registry.ts';
import { hashSecret, newSecret } from '../../model/secret.ts';
import { type Call, endpoint } from './endpoint.ts';
import { invalid, notFound, Problem } from './problems.ts';
import { checkConfirmed, putEntity } from './put.ts';
import { AnyId, Confirm, NewId, PageOf, PageQuery } from './schemas/common.ts';
import type { Services } from './services.ts';
import { showDevice, showReport } from './show-device.ts';

/** A former secret keeps working so long, so that a device in the field may be given the new one in peace. */
const FORMER_SECRET_MS = 7 * 86_400_000;

const Shown = Type.Object({
  id: Type.String(),
  ...DeviceBody.properties,
  assignments: Type.Array(Type.Unknown()),
  registeredAt: Type.String(),
  lastSeen: Type.Optional(Type.String()),
  status: Type.Optional(Type.Object({ state: Type.String(), at: Type.String() })),
  unknownKeys: Type.Optional(
    Type.Array(Type.Object({ key: Type.String(), count: Type.Integer(), lastAt: Type.String() })),
  ),
});

export const list = endpoint(
  {
    summary: 'Devices, by id',
    query: Type.Object({ ...PageQuery, asset: Type.Optional(Type.String()) }, { additionalProperties: false }),
    answer: PageOf(Shown),
  },
  async ({ principal, query }, { registry }) => {
    const { asset, ...page } = query;
    const owners = ownersSeen(principal);
    const found = await registry.devices.list(
      { ...(owners && { owners }), ...(asset !== undefined && { asset }) },
      page,
    );
    return { ...found, items: found.items.map(showDevice) };
  },
);

export const get = endpoint({ summary: 'One device', params: AnyId, answer: Shown }, async (call, services) => {
  const device = await find(call, services);
  const report = await services.deviceReport?.(device.id);
  // The tag is that of what a PUT replaces; what decode reports changes without it, so there is no 304 here.
  call.reply.header('etag', etagOf(device));
  return { ...showDevice(device), ...(report && showReport(report)) };
});

/** Who operates the asset a device sits on may see it too. */
async function find(call: Call<{ id: string }>, { registry, directory }: Services): Promise<Device> {
  const { id } = call.params;
  const device = await registry.devices.get(id);
  const asset = device && directory.asset(presentAsset(device) ?? '');
  call.must(
    'read-devices',
    device && { owner: device.owner, ...(asset && { operator: asset.operator }) },
    'device',
    id,
  );
  return device!; // `must` throws when there is none
}

function presentAsset(device: Device): string | undefined {
  const last = device.assignments.at(-1);
  return last && last.to === undefined ? last.asset : undefined;
}

export const put = endpoint(
  {
    summary: 'Register or change a device; a new asset starts a new assignment, old series stay where they were',
    params: NewId,
    body: DeviceBody,
    answer: Shown,
  },
  async (call, services) => {
    const { registry, directory, catalogue, now } = services;
    const { params, body } = call;
    const stored = await registry.devices.get(params.id);
    const conditional = call.request.headers['if-match'] !== undefined;
    call.settle(decidePut(call.principal, 'edit-devices', stored, { owner: body.owner }, conditional), {
      action: 'edit-devices',
      what: 'device',
      id: params.id,
    });
    if (!(await registry.organisations.get(body.owner)))
      throw invalid('/owner', `there is no organisation "${body.owner}"`);
    // An organisation's own model is for its own devices: whoever edits it changes what they say.
    const model = catalogue.deviceModel(body.model) ?? directory.deviceModel(body.model);
    if (!model || ('owner' in model && model.owner !== body.owner))
      throw invalid('/model', `there is no device model "${body.model}"; GET /api/v1/device-models lists them`);
    if (body.asset !== undefined && (!stored || presentAsset(stored) !== body.asset || stored.model !== body.model))
      await checkBinding(call, services, body.asset);
    const named = body.connection.networkServer;
    const server = named === undefined ? undefined : directory.networkServer(named);
    // One that is not entered yet may be named; whoever enters it must then be of the same owner.
    if (server && !speaksFor(server, body))
      throw invalid('/connection/networkServer', `there is no network server "${named}" that serves ${body.owner}`);
    checkEui(params.id, body, directory.devices());
    const next: Device = {
      id: params.id,
      owner: body.owner,
      model: body.model,
      connection: body.connection,
      assignments: assign(stored?.assignments ?? [], body.asset, now()),
      registeredAt: stored?.registeredAt ?? now(),
    };
    await putEntity(call, {
      kind: 'device',
      owner: next.owner,
      stored,
      next,
      put: (d, options) => registry.devices.put(d, options),
    });
    await directory.refresh();
    return showDevice(next);
  },
);

/** Two devices with one EUI, and nobody could say whose a frame is. */
function checkEui(id: string, { owner, connection }: DeviceBody, devices: Iterable<Device>): void {
  const { devEui, networkServer } = connection;
  if (devEui === undefined) return;
  for (const other of devices) {
    const same = other.connection.devEui?.toLowerCase() === devEui.toLowerCase();
    if (same && other.id !== id && other.owner === owner && other.connection.networkServer === networkServer)
      throw new Problem(
        'in-use',
        `The EUI ${devEui} belongs to your device ${other.id}. Change or delete that one first.`,
      );
  }
}

/** The assignments with `asset` as the present one from `now` on; unchanged when it already is. */
export function assign(assignments: readonly Assignment[], asset: string | undefined, now: number): Assignment[] {
  const last = assignments.at(-1);
  const open = last && last.to === undefined ? last : undefined;
  if (open?.asset === asset) return [...assignments];
  const ended = assignments.map((a) => (a === open ? { ...a, to: now } : a));
  return asset === undefined ? ended : [...ended, { asset, from: now }];
}

async function checkBinding(
  call: Call<{ id: string }, unknown, DeviceBody>,
  { registry, catalogue, directory }: Services,
  asset: string,
): Promise<void> {
  const target = await registry.assets.get(asset);
  // One that may not be written to answers as one that is not there: its id may be somebody else's.
  if (!target || !decide(call.principal, 'bind-device', target).allowed)
    throw invalid('/asset', `there is no asset "${asset}" that you may bind a device to`);
  const quantitiesOf = (model: string) =>
    (catalogue.deviceModel(model) ?? directory.deviceModel(model))?.quantities ?? [];
  const taken = await takenQuantity(registry, quantitiesOf, asset, call.params.id, call.body.model);
  if (!taken) return;
  throw new Problem(
    'quantity-taken',
    `Device ${taken.device} already reports ${taken.quantity} of ${asset}. Unbind it first, or use a channel.`,
  );
}

/** Semantics: Key of a value. Models that name their quantities tell at registration; the others show it in rejects. */
async function takenQuantity(
  registry: Pick<Registry, 'devices'>,
  quantitiesOf: (model: string) => readonly string[],
  asset: string,
  device: string,
  model: string,
): Promise<{ device: string; quantity: string } | undefined> {
  const own = new Set(quantitiesOf(model));
  if (own.size === 0) return undefined;
  const { items } = await registry.devices.list({ asset }, { limit: 1000 });
  for (const other of items) {
    if (other.id === device || presentAsset(other) !== asset) continue;
    const quantity = quantitiesOf(other.model).find((q) => own.has(q));
    if (quantity !== undefined) return { device: other.id, quantity };
  }
  return undefined;
}

export const remove = endpoint(
  { summary: 'Delete a device; the series of its assets stay', params: AnyId, query: Confirm, status: 204 },
  async (call, { registry, directory }) => {
    const { id } = call.params;
    const device = call.must('edit-devices', await registry.devices.get(id), 'device', id);
    if (device.assignments.length > 0) checkConfirmed(id, call.query.confirm, 'The device has been bound to assets.');
    if (!(await registry.devices.delete(id))) throw notFound('device');
    await call.changed('delete-device', `device/${id}`, device.owner);
    await directory.refresh();
    call.reply.code(204);
  },
);

export const makeCredentials = endpoint(
  {
    summary: 'A new secret, shown once; the former one works until the new one is first used, at most 7 days',
    params: AnyId,
    query: Type.Object(
      { revoke: Type.Optional(Type.Literal('now', { description: 'the former secret ends at once' })) },
      { additionalProperties: false },
    ),
    status: 201,
    answer: Type.Object({ username: Type.String(), password: Type.String() }),
  },
  async (call, { registry, directory, now }) => {
    const { id } = call.params;
    const device = call.must('make-credentials', await registry.devices.get(id), 'device', id);
    const password = newSecret();
    const at = now();
    const formerUntil = call.query.revoke === 'now' ? at : at + FORMER_SECRET_MS;
    await registry.devices.addCredential({ device: id, hash: hashSecret(password), createdAt: at }, formerUntil);
    await call.changed('make-credentials', `device/${id}`, device.owner);
    await directory.refresh();
    call.reply.code(201).header('cache-control', 'no-store');
    return { username: id, password };
  },
);

export const mayImportFor = (call: Call, device: Device): boolean =>
  decideNew(call.principal, 'import', { owner: device.owner }).allowed;
