/** Rejects: what could not become readings, with the reason and the original bytes; and trying them again. */
import Type from 'typebox';
import { decide, ownersSeen } from '../../knowledge/access/decide.ts';
import type { RejectFilter } from '../../model/registry.ts';
import { REJECT_REASONS, type Reject } from '../../model/reject.ts';
import { formatTime } from '../../model/time.ts';
import { readUplinks } from '../../model/uplink.ts';
import { type Call, endpoint } from './endpoint.ts';
import { readOptionalTime } from './query.ts';
import { replayRejects } from './replay-rejects.ts';
import { PageOf, PageQuery, Time } from './schemas/common.ts';

const Filter = {
  device: Type.Optional(Type.String({ maxLength: 200 })),
  reason: Type.Optional(Type.Enum([...REJECT_REASONS])),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
};

const Shown = Type.Object({
  uplink: Type.Integer(),
  device: Type.String(),
  owner: Type.String(),
  receivedAt: Type.String(),
  reason: Type.String(),
  detail: Type.String(),
  partial: Type.Boolean(),
  revision: Type.Integer({ description: 'how often it was tried again' }),
  payload: Type.Optional(Type.String({ description: 'where it is text' })),
  payloadBase64: Type.String(),
});

export const list = endpoint(
  {
    summary: 'Uplinks that could not become readings, newest first',
    query: Type.Object({ ...PageQuery, ...Filter }, { additionalProperties: false }),
    answer: PageOf(Shown),
  },
  async (call, { registry }) => {
    const { limit, cursor, ...filter } = call.query;
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    const found = await registry.rejects.list(readFilter(call, filter), page);
    return { ...found, items: found.items.map(show) };
  },
);

function readFilter(
  { principal }: Pick<Call, 'principal'>,
  { device, reason, from, to }: { device?: string; reason?: string; from?: string; to?: string },
): RejectFilter {
  const owners = ownersSeen(principal);
  const period = { from: readOptionalTime('from', from), to: readOptionalTime('to', to) };
  return {
    ...(owners && { owners }),
    ...(device !== undefined && { device }),
    ...(reason !== undefined && { reason }),
    ...(period.from !== undefined && { from: period.from }),
    ...(period.to !== undefined && { to: period.to }),
  };
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function show({ record, receivedAt, ...reject }: Reject) {
  const payload = payloadOf(record);
  let text: string | undefined;
  try {
    text = strictUtf8.decode(payload);
  } catch {
    text = undefined; // bytes of a codec, or garbage: base64 shows them
  }
  return {
    ...reject,
    receivedAt: formatTime(receivedAt),
    ...(text !== undefined && { payload: text }),
    payloadBase64: Buffer.from(payload).toString('base64'),
  };
}

function payloadOf(record: string): Uint8Array {
  const [uplink] = readUplinks(Buffer.from(record, 'base64'), 0, 1);
  return uplink?.payload ?? new Uint8Array();
}

export const replay = endpoint(
  {
    summary: 'Try rejects again, once their cause is mended; without a filter, all of them',
    body: Type.Object(
      { ...Filter, uplinks: Type.Optional(Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 1000 })) },
      { additionalProperties: false },
    ),
    status: 202,
    answer: Type.Object({ ordered: Type.Integer(), more: Type.Boolean() }),
  },
  async (call, services) => {
    const { uplinks, ...given } = call.body;
    const wanted = uplinks && new Set(uplinks);
    const filter = readFilter(call, given);
    const { ordered, more } = await replayRejects(services, filter, {
      // Nobody's rejects (an unknown device) are the platform's to replay.
      chosen: (r) => (!wanted || wanted.has(r.uplink)) && decide(call.principal, 'replay', r).allowed,
      ...(wanted && { most: wanted.size }),
    });
    await call.changed('replay', 'rejects', call.principal.organisation, `${ordered} ordered`);
    call.reply.code(202);
    return { ordered, more: more && !wanted };
  },
);
