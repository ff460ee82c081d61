/** Where OS2iot's HTTP data target points while both run: what it decoded is kept for the comparison, and nowhere else. */
import Type from 'typebox';
import { decideNew } from '../../knowledge/access/decide.ts';
import { Id } from '../../model/ids.ts';
import { endpoint } from './endpoint.ts';
import { Problem } from './problems.ts';

const MOST_BYTES = 16 * 1024;

export const post = endpoint(
  {
    summary:
      'OS2iot: what its HTTP data target sends, for the comparison alone; rules, charts and exports never see it',
    query: Type.Object(
      {
        owner: Type.Optional(Id),
        device: Type.Optional(
          Type.String({ maxLength: 200, description: 'id or DevEUI, where the message does not say it' }),
        ),
      },
      { additionalProperties: false },
    ),
    body: Type.Union([Type.Object({}), Type.Array(Type.Unknown(), { maxItems: 1000 })]),
    status: 204,
  },
  async (call, { registry, directory, os2iotSenders, now }) => {
    const owner = call.query.owner ?? call.principal.organisation;
    call.settle(decideNew(call.principal, 'feed-os2iot', { owner }), {
      action: 'feed-os2iot',
      what: 'organisation',
      id: owner,
    });
    if (!directory.organisation(owner)) throw new Problem('invalid-input', `There is no organisation "${owner}".`);
    const body = JSON.stringify(call.body);
    if (Buffer.byteLength(body) > MOST_BYTES)
      throw new Problem('too-large', `A message of the feed may have ${MOST_BYTES} bytes.`);
    if (!os2iotSenders.allows(owner))
      throw new Problem('too-many', 'More than 3000 messages of one organisation within a minute.', {
        retryAfterSeconds: 60,
      });
    const { device, label } = os2iotSenders.find(owner, call.body, call.query.device);
    await registry.os2iot.add({ owner, device, label, receivedAt: now(), body });
    call.reply.code(204);
  },
);
