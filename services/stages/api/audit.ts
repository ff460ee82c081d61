/** The audit log: who changed what, and who tried what he may not. */
import Type from 'typebox';
import { formatTime } from '../../model/time.ts';
import { endpoint } from './endpoint.ts';
import { readOptionalTime } from './query.ts';
import { PageOf, PageQuery, Time } from './schemas/common.ts';

const Shown = Type.Object({
  id: Type.String(),
  at: Type.String(),
  actor: Type.String(),
  organisation: Type.String(),
  action: Type.String(),
  object: Type.String(),
  outcome: Type.Enum(['ok', 'denied', 'failed']),
  detail: Type.String(),
});

export const list = endpoint(
  {
    summary: 'Changes and denied attempts, newest first',
    query: Type.Object(
      { ...PageQuery, actor: Type.Optional(Type.String()), from: Type.Optional(Time), to: Type.Optional(Time) },
      { additionalProperties: false },
    ),
    answer: PageOf(Shown),
  },
  async ({ principal, query }, { registry }) => {
    const { limit, cursor, actor } = query;
    const from = readOptionalTime('from', query.from);
    const to = readOptionalTime('to', query.to);
    const filter = {
      ...(principal.role !== 'platform' && { organisation: principal.organisation }),
      ...(actor !== undefined && { actor }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    };
    const found = await registry.audit.list(filter, { limit, ...(cursor !== undefined && { cursor }) });
    return { ...found, items: found.items.map((entry) => ({ ...entry, at: formatTime(entry.at) })) };
  },
);
