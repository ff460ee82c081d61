/** Devices that were heard and nobody has registered: what they sent, and taking them into use. */
import Type from 'typebox';
import { ownersSeen } from '../../knowledge/access/decide.ts';
import { readMessage } from '../../knowledge/lorawan/read-message.ts';
import type { DeviceBody } from '../../model/device.ts';
import { Rejected } from '../../model/errors.ts';
import { Id } from '../../model/ids.ts';
import type { LorawanMessage } from '../../model/lorawan.ts';
import type { UnknownDevice } from '../../model/registry.ts';
import { formatTime } from '../../model/time.ts';
import { readUplinks, type Uplink, viaOf } from '../../model/uplink.ts';
import * as devices from './devices.ts';
import { type Call, endpoint } from './endpoint.ts';
import { Problem } from './problems.ts';
import { replayRejects } from './replay-rejects.ts';
import { AnyId, PageOf, PageQuery } from './schemas/common.ts';
import type { Services } from './services.ts';

const EUI = /^[0-9a-f]{16}$/;

const Shown = Type.Object({
  device: Type.String({ description: 'its EUI, or the id its source gives it' }),
  owner: Type.String(),
  uplinks: Type.Integer(),
  firstAt: Type.String(),
  lastAt: Type.String(),
  networkServer: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  profile: Type.Optional(Type.String()),
  application: Type.Optional(Type.String()),
  frame: Type.Optional(
    Type.Object({
      fPort: Type.Integer(),
      bytesHex: Type.String(),
      object: Type.Optional(Type.Unknown()),
      gateways: Type.Array(
        Type.Object({
          gateway: Type.String(),
          rssi: Type.Optional(Type.Number()),
          snr: Type.Optional(Type.Number()),
        }),
      ),
    }),
  ),
});

export const list = endpoint(
  {
    summary: 'Devices that were heard and are not registered, the last heard first, with the newest thing each sent',
    query: Type.Object(PageQuery, { additionalProperties: false }),
    answer: PageOf(Shown),
  },
  async ({ principal, query }, services) => {
    const owners = ownersSeen(principal);
    const page = await services.registry.rejects.unknownDevices({ ...(owners && { owners }) }, query);
    return { ...page, items: await Promise.all(page.items.map((item) => show(item, services))) };
  },
);

async function show(item: UnknownDevice, { registry, directory }: Services) {
  const { newest, firstAt, lastAt, ...rest } = item;
  const reject = await registry.rejects.get(newest);
  const [u] = reject ? readUplinks(Buffer.from(reject.record, 'base64'), 0, 1) : [];
  const message = u && u.kind === 'lorawan' ? read(u, directory) : undefined;
  return {
    ...rest,
    firstAt: formatTime(firstAt),
    lastAt: formatTime(lastAt),
    ...(u?.kind === 'lorawan' && { networkServer: viaOf(u.session).networkServer }),
    ...(message && said(message)),
  };
}

function read(u: Uplink, directory: Services['directory']): LorawanMessage | undefined {
  const { networkServer, event } = viaOf(u.session);
  const server = directory.networkServer(networkServer);
  try {
    return server && readMessage(server.kind, event, u.payload);
  } catch (error) {
    if (error instanceof Rejected) return undefined; // its network server was changed to another kind
    throw error;
  }
}

function said({ deviceName, profile, application, up }: LorawanMessage) {
  return {
    ...(deviceName !== undefined && { name: deviceName }),
    ...(profile !== undefined && { profile }),
    ...(application !== undefined && { application }),
    ...(up && {
      frame: {
        fPort: up.fPort,
        bytesHex: Buffer.from(up.bytes).toString('hex'),
        ...(up.object !== undefined && { object: up.object }),
        gateways: up.heard.map(({ gateway, rssi, snr }) => ({
          gateway,
          ...(rssi !== undefined && { rssi }),
          ...(snr !== undefined && { snr }),
        })),
      },
    }),
  };
}

const Claim = Type.Object(
  {
    id: Id,
    owner: Id,
    model: Type.String({ minLength: 1, maxLength: 64 }),
    asset: Type.Optional(Id),
    /** Where several network servers of the owner hear it: only what this one says is believed. */
    networkServer: Type.Optional(Id),
  },
  { additionalProperties: false },
);

export const claim = endpoint(
  {
    summary: 'Register a device that was heard; what it sent meanwhile is read again',
    params: AnyId,
    body: Claim,
    status: 201,
    answer: Type.Object({ device: Type.Unknown(), ordered: Type.Integer(), more: Type.Boolean() }),
  },
  async (call, services) => {
    const heard = call.params.id.toLowerCase();
    const { id, networkServer, ...rest } = call.body;
    const lorawan = EUI.test(heard);
    if (!lorawan && id !== heard)
      throw new Problem('invalid-input', `A device that is not LoRaWAN keeps the name its source gives it: ${heard}.`);
    const connection: DeviceBody['connection'] = lorawan
      ? { kind: 'lorawan', devEui: heard, ...(networkServer !== undefined && { networkServer }) }
      : { kind: 'http' };
    const body: DeviceBody = { ...rest, connection };
    const stored = await services.registry.devices.get(id);
    // A slip of the pen must not give a device in use another's EUI. Of others' ids the PUT below says nothing.
    if (stored?.owner === rest.owner && lorawan && stored.connection.devEui?.toLowerCase() !== heard)
      throw new Problem('id-taken', `The id "${id}" is in use. Choose another.`);
    const asPut: Call = { ...call, params: { id }, body };
    const device = await devices.put.handle(asPut, services);
    // Whoever may register the device may have read what it sent: it is of the same owner.
    const replayed = await replayRejects(services, { owners: [rest.owner], device: heard, reason: 'unknown-device' });
    await call.changed('claim-device', `device/${id}`, rest.owner, `${heard}: ${replayed.ordered} messages read again`);
    return { device, ...replayed };
  },
);
