/** A device's readings over HTTP: the other door beside MQTT, with the same secret and the same body. */
import type { Readable } from 'node:stream';
import Type from 'typebox';
import { tokenOf } from './authenticate.ts';
import { endpoint } from './endpoint.ts';
import { invalid, Problem } from './problems.ts';
import { readAll } from './read-body.ts';
import { AnyId } from './schemas/common.ts';

/** Packet limit of the MQTT door, and of this one. */
const MOST_BYTES = 64 * 1024;

export const post = endpoint(
  {
    summary: 'Readings of a device, with its own secret; answered once they are on disk',
    params: AnyId,
    stream: '*/*',
    status: 202,
    answer: Type.Object({ uplink: Type.String() }),
  },
  async ({ params, request, reply }, { door }) => {
    const secret = tokenOf(request.headers.authorization);
    if (secret === undefined)
      throw new Problem('unauthenticated', 'Give the secret as "Authorization: Bearer SECRET".');
    const key = request.headers['idempotency-key'];
    if (key !== undefined && (typeof key !== 'string' || key.length === 0 || Buffer.byteLength(key) > 255))
      throw invalid('/Idempotency-Key', 'must be one text of 1 to 255 bytes');
    const body = await readAll(request.body as Readable, MOST_BYTES); // the stream parser gives the request itself
    const { uplink } = await door.acceptHttp({
      device: params.id,
      secret,
      body,
      address: request.ip,
      ...(key !== undefined && { idempotencyKey: key }),
    });
    reply.code(202);
    return { uplink: String(uplink) };
  },
);
