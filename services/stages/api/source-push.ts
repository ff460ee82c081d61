/** What somebody pushes to a source, with the token made for him; answered once it is on disk. */
import type { Readable } from 'node:stream';
import Type from 'typebox';
import { Rejected, Unavailable } from '../../model/errors.ts';
import { tokenOf } from './authenticate.ts';
import { endpoint } from './endpoint.ts';
import { invalid, Problem } from './problems.ts';
import { readAll } from './read-body.ts';
import { AnyId } from './schemas/common.ts';

const MOST_BYTES = 5 * 1024 * 1024;
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,150}$/;

export const post = endpoint(
  {
    summary: 'Push records to a source, with its token; what could not be used is named in the answer',
    params: AnyId,
    stream: '*/*',
    status: 202,
    answer: Type.Object({
      records: Type.Integer(),
      unusable: Type.Integer(),
      unknown: Type.Integer({ description: 'records of devices that nobody has registered; kept among the rejects' }),
      problems: Type.Array(Type.String()),
    }),
  },
  async ({ params, request, reply }, { sources, webhookFailures }) => {
    const token = tokenOf(request.headers.authorization);
    if (token === undefined) throw new Problem('unauthenticated', 'Give the token as "Authorization: Bearer TOKEN".');
    const key = request.headers['idempotency-key'];
    if (key !== undefined && (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)))
      throw invalid('/Idempotency-Key', 'must be one text of 1 to 150 printable ASCII characters');
    if (!sources) throw new Unavailable('sources are not run here');
    const body = await readAll(request.body as Readable, MOST_BYTES); // the stream parser gives the request itself
    if (!sources) throw new Unavailable('sources are not run here');
    try {
      const pushed = await sources.push(params.id, { token, body, ...(key !== undefined && { idempotencyKey: key }) });
      reply.code(202);
      return pushed;
    } catch (error) {
      const wrong = error instanceof Rejected && error.code === 'unauthenticated';
      if (wrong && !webhookFailures.attempt(`${request.ip} source/${params.id.slice(0, 64)}`, performance.now()))
        throw new Problem('too-many', 'Too many attempts with a token that is not right.', { retryAfterSeconds: 60 });
      throw error;
    }
  },
);
