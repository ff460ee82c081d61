/** Organisations: who owns, operates, delivers. */
import Type from 'typebox';
import { type Organisation, OrganisationBody } from '../../model/organisation.ts';
import { endpoint } from './endpoint.ts';
import { notFound, Problem } from './problems.ts';
import { putEntity, withEtag } from './put.ts';
import { AnyId, NewId, PageOf, PageQuery } from './schemas/common.ts';

const Shown = Type.Object({ id: Type.String(), ...OrganisationBody.properties });

export const list = endpoint(
  {
    summary: 'Organisations, by name',
    query: Type.Object(PageQuery, { additionalProperties: false }),
    answer: PageOf(Shown),
  },
  ({ query }, { registry }) => registry.organisations.list(query),
);

export const get = endpoint(
  { summary: 'One organisation', params: AnyId, answer: Shown },
  async (call, { registry }) => {
    const organisation = await registry.organisations.get(call.params.id);
    if (!organisation) throw notFound('organisation');
    return withEtag(call, organisation, organisation);
  },
);

export const put = endpoint(
  { summary: 'Create or change an organisation', params: NewId, body: OrganisationBody, answer: Shown },
  async (call, { registry, directory }) => {
    const { id } = call.params;
    const stored = await registry.organisations.get(id);
    if (!stored || stored.kind !== call.body.kind) {
      // Its kind decides what others may expect of it, so only the platform gives it.
      if (call.principal.role !== 'platform')
        throw new Problem('forbidden', 'Only whoever runs the platform creates organisations or changes their kind.');
    } else call.must('edit-organisations', { owner: id }, 'organisation', id);
    const next: Organisation = { id, ...call.body };
    await putEntity(call, {
      kind: 'organisation',
      owner: id,
      stored,
      next,
      put: (o, options) => registry.organisations.put(o, options),
    });
    await directory.refresh();
    return next;
  },
);
