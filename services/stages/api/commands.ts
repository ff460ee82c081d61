/** Commands to devices: a right of its own, off for every asset type until the organisation that operates them switches it on. */
import { randomUUID } from 'node:crypto';
import Type from 'typebox';
import { decide } from '../../knowledge/access/decide.ts';
import type { Command } from '../../model/command.ts';
import type { Device } from '../../model/device.ts';
import { formatTime } from '../../model/time.ts';
import { type Call, endpoint } from './endpoint.ts';
import { invalid, Problem } from './problems.ts';
import { AnyId, PageOf, PageQuery } from './schemas/common.ts';
import type { Services } from './services.ts';

const DAY_S = 86_400;

const Shown = Type.Object({
  id: Type.String(),
  device: Type.String(),
  asset: Type.String(),
  name: Type.Optional(Type.String()),
  fPort: Type.Integer(),
  bytesHex: Type.String(),
  confirmed: Type.Boolean(),
  state: Type.Enum(['queued', 'sent', 'acknowledged', 'failed', 'expired']),
  stateAt: Type.String(),
  detail: Type.Optional(Type.String()),
  createdAt: Type.String(),
  expiresAt: Type.String(),
});

const Body = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'what people call it' })),
    data: Type.Optional(Type.Unknown({ description: "for the codec's encodeDownlink" })),
    bytesHex: Type.Optional(Type.String({ pattern: '^([0-9a-fA-F]{2})+$', maxLength: 484 })),
    fPort: Type.Optional(Type.Integer({ minimum: 1, maximum: 223 })),
    confirmed: Type.Boolean({ default: false }),
    expiresIn: Type.Integer({ minimum: 10, maximum: 30 * DAY_S, default: DAY_S, description: 'seconds' }),
  },
  { additionalProperties: false },
);
type Body = { name?: string; data?: unknown; bytesHex?: string; fPort?: number; confirmed: boolean; expiresIn: number };

export const send = endpoint(
  {
    summary: 'Say something to a device: raw bytes, or data that its codec encodes',
    params: AnyId,
    body: Body,
    status: 202,
    answer: Shown,
  },
  async (call, services) => {
    const { device, asset } = await find(call, services, 'command');
    const { now, directory, registry } = services;
    if (!directory.organisation(asset.operator)?.commandTypes?.includes(asset.type)) {
      throw new Problem(
        'forbidden',
        `Commands to ${asset.type} are off. ${asset.operator} operates it and may switch them on (commandTypes of the organisation).`,
      );
    }
    if (device.connection.kind === 'http')
      throw invalid('/', 'the device only sends: it has no connection by which it could be told anything');
    const { bytes, fPort } = await encoded(call.body, device, services);
    const { name, confirmed, expiresIn } = call.body;
    const command: Command = {
      id: randomUUID(),
      device: device.id,
      owner: device.owner,
      asset: asset.id,
      ...(name !== undefined && { name }),
      fPort,
      bytesHex: Buffer.from(bytes).toString('hex'),
      confirmed,
      createdAt: now(),
      createdBy: call.principal.id,
      expiresAt: now() + expiresIn * 1000,
      state: 'queued',
      stateAt: now(),
    };
    // Noted before it can be on its way.
    const what = `${command.name ?? 'bytes'} ${command.bytesHex} port ${fPort}: ${command.id}`;
    await call.changed('command', `device/${device.id}`, asset.operator, what);
    await registry.commands.put(command);
    services.commandQueued?.();
    call.reply.code(202);
    return show(command);
  },
);

async function encoded(body: Body, device: Device, services: Services): Promise<{ bytes: Uint8Array; fPort: number }> {
  const { data, bytesHex, fPort } = body;
  if ((data === undefined) === (bytesHex === undefined)) throw invalid('/', 'give either bytesHex or data');
  if (bytesHex !== undefined) return { bytes: Buffer.from(bytesHex, 'hex'), fPort: fPort ?? 1 };
  const { directory, catalogue, codecs } = services;
  const model = catalogue.deviceModel(device.model) ?? directory.deviceModel(device.model);
  const script = model?.codec?.startsWith('script:') ? directory.codec(model.codec.slice('script:'.length)) : undefined;
  if (!script || !codecs)
    throw invalid('/data', `the model ${device.model} has no codec of yours that encodes; give bytesHex instead`);
  const answer = await codecs.encode(script, { data, ...(fPort !== undefined && { fPort }), variables: {} });
  if (answer.kind === 'failed') throw invalid('/data', answer.errors.join('; '));
  return { bytes: answer.bytes, fPort: answer.fPort };
}

export const list = endpoint(
  {
    summary: 'Commands to a device and what became of them, newest first',
    params: AnyId,
    query: Type.Object(PageQuery, { additionalProperties: false }),
    answer: PageOf(Shown),
  },
  async (call, services) => {
    const { device } = await find(call, services, 'read-commands');
    const found = await services.registry.commands.list({ device: device.id }, call.query);
    return { ...found, items: found.items.map(show) };
  },
);

/** Who operates the asset commands its device; who only owns the device does not. */
async function find(call: Call<{ id: string }>, services: Services, action: 'command' | 'read-commands') {
  const { id } = call.params;
  const device = await services.registry.devices.get(id);
  const last = device?.assignments.at(-1);
  const asset = last && last.to === undefined ? services.directory.asset(last.asset) : undefined;
  const resource = device && { owner: asset?.operator ?? device.owner };
  call.must(action, resource, 'device', id);
  if (!device || !asset) throw invalid('/', 'the device is bound to no asset, so nobody operates it');
  if (!decide(call.principal, 'read', asset).allowed) call.must(action, undefined, 'device', id);
  return { device, asset };
}

function show({ createdAt, expiresAt, stateAt, owner: _, createdBy: __, ...rest }: Command) {
  return {
    ...rest,
    createdAt: formatTime(createdAt),
    expiresAt: formatTime(expiresAt),
    stateAt: formatTime(stateAt),
  };
}
