/** Reading stored frames again through a codec's present version: ordering it, seeing how far it is, ending it. */
import { randomUUID } from 'node:crypto';
import Type from 'typebox';
import type { Codec } from '../../model/codec.ts';
import type { RedecodeReport } from '../../model/redecode-report.ts';
import { formatTime } from '../../model/time.ts';
import { type Call, endpoint } from './endpoint.ts';
import { invalid, notFound } from './problems.ts';
import { readOptionalTime } from './query.ts';
import { AnyId, Time } from './schemas/common.ts';
import type { Services } from './services.ts';

const Job = Type.Object({
  id: Type.String(),
  state: Type.Enum(['running', 'done', 'cancelled']),
  from: Type.String(),
  to: Type.String(),
  orderedAt: Type.String(),
  endedAt: Type.Optional(Type.String()),
  looked: Type.Integer({ description: 'messages of the log looked at' }),
  read: Type.Integer({ description: 'frames read by the new version' }),
  failed: Type.Integer({ description: 'frames it could not read: their values stay as they were' }),
  values: Type.Integer({ description: 'values given anew; the ledger tells which of them are corrections' }),
  retracted: Type.Integer({ description: 'values taken back' }),
});

export const order = endpoint(
  {
    summary: 'Read the stored frames of a period again through the present version; raises no alerts',
    params: AnyId,
    body: Type.Object(
      {
        from: Time,
        to: Time,
        devices: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 1000 })),
      },
      { additionalProperties: false },
    ),
    status: 202,
    answer: Type.Object({ job: Type.String(), reachesBackTo: Type.Optional(Type.String()) }),
  },
  async (call, services) => {
    const codec = await find(call, services, 'edit-codecs');
    const from = readOptionalTime('from', call.body.from) ?? 0;
    const to = readOptionalTime('to', call.body.to) ?? 0;
    if (from >= to) throw invalid('/to', 'must be after from');
    const job = randomUUID();
    const devices = devicesOf(codec, call.body.devices, services);
    await services.appender.append('orders', { kind: 'redecode', id: job, codec: codec.id, from, to, devices });
    await call.changed(
      'redecode',
      `codec/${codec.id}`,
      codec.owner,
      `${formatTime(from)} to ${formatTime(to)}: ${job}`,
    );
    call.reply.code(202);
    const oldest = await oldestKept(services);
    return { job, ...(oldest !== undefined && { reachesBackTo: formatTime(oldest) }) };
  },
);

/** Others may use the codec for their own devices: their history is not its owner's to change. */
function devicesOf(codec: Codec, named: readonly string[] | undefined, { directory, catalogue }: Services): string[] {
  const using = [...directory.devices()].filter((d) => {
    const model = directory.deviceModel(d.model) ?? catalogue.deviceModel(d.model);
    return d.owner === codec.owner && model?.codec === `script:${codec.id}`;
  });
  const ids = using.map(({ id }) => id);
  const foreign = named?.find((id) => !ids.includes(id));
  if (foreign !== undefined) throw invalid('/devices', `${foreign} is no device of yours that this codec reads`);
  return named ? [...named] : ids;
}

/** Receipt time of the oldest uplink the log still has, epoch ms. */
async function oldestKept({ log }: Services): Promise<number | undefined> {
  const blocks = await log.read('uplinks', await log.begin('uplinks'), 1);
  return blocks[0]?.at;
}

export const list = endpoint(
  {
    summary: 'Jobs that read stored frames again through this codec, newest first',
    params: AnyId,
    answer: Type.Object({ items: Type.Array(Job) }),
  },
  async (call, services) => {
    const codec = await find(call, services, 'edit-codecs');
    return { items: (services.redecodes?.(codec.id) ?? []).map(show) };
  },
);

export const cancel = endpoint(
  {
    summary: 'End such a job; what it has done stays',
    params: Type.Object({ ...AnyId.properties, job: Type.String({ maxLength: 64 }) }),
    status: 202,
  },
  async (call, services) => {
    const codec = await find(call, services, 'edit-codecs');
    const { job } = call.params;
    if (!services.redecodes?.(codec.id).some(({ id }) => id === job)) throw notFound('job');
    await services.appender.append('orders', { kind: 'redecode-cancel', id: job });
    await call.changed('cancel-redecode', `codec/${codec.id}`, codec.owner, job);
    call.reply.code(202);
    return {};
  },
);

async function find(call: Call<{ id: string }>, { registry }: Services, action: 'edit-codecs'): Promise<Codec> {
  const { id } = call.params;
  return call.must(action, await registry.codecs.get(id), 'codec', id);
}

function show({ from, to, orderedAt, endedAt, codec: _, ...rest }: RedecodeReport) {
  return {
    ...rest,
    from: formatTime(from),
    to: formatTime(to),
    orderedAt: formatTime(orderedAt),
    ...(endedAt !== undefined && { endedAt: formatTime(endedAt) }),
  };
}
