/**
 * The doors that devices of OS2iot call already, with its answers, so that a device moves by changing a host name. The
 * API key in the address is the device's secret: it passes through the same door as any other (rate, limits, failed
 * logins), and no log, audit line or answer repeats it.
 */
import type { Readable } from 'node:stream';
import Type from 'typebox';
import { readSigfoxCallback, sigfoxSecret } from '../../knowledge/os2iot/sigfox.ts';
import { Rejected } from '../../model/errors.ts';
import { hashSecret } from '../../model/secret.ts';
import { type Call, endpoint } from './endpoint.ts';
import { readAll } from './read-body.ts';
import type { Services } from './services.ts';

const MOST_BYTES = 64 * 1024;
/** No id, so no device has it: the door counts and audits the attempt like any wrong secret. */
const NOBODY = 'os2iot?';

const Key = Type.Object({
  apiKey: Type.Optional(Type.String({ description: 'in the address, as OS2iot has it; kept only as a hash' })),
});

/** As NestJS spells errors, which is how devices of OS2iot know them. */
const ERRORS = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
};

function refuse(call: Call, statusCode: keyof typeof ERRORS, message: string): object {
  call.reply.code(statusCode).header('content-type', 'application/json; charset=utf-8');
  return { statusCode, message, error: ERRORS[statusCode] };
}

/** 204 once it is on disk. @throws Unavailable when nothing can be taken now. */
async function accept(
  call: Call,
  { door, registry }: Services,
  message: { secret: string; body: Uint8Array; idempotencyKey?: string; bytesFor?: (device: string) => Uint8Array },
  unknown: () => object,
): Promise<object | undefined> {
  const { secret, bytesFor, idempotencyKey } = message;
  const device = secret === '' ? undefined : await registry.devices.ofSecret(hashSecret(secret));
  try {
    await door.acceptHttp({
      device: device ?? NOBODY,
      secret,
      body: (device !== undefined && bytesFor?.(device)) || message.body,
      address: call.request.ip,
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    });
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    if (error.code === 'unauthenticated') return unknown();
    if (error.code === 'too-many') return refuse(call, 429, error.message);
    return refuse(call, error.code === 'too-large' ? 413 : 400, error.message);
  }
  call.reply.code(204);
  return undefined;
}

export const receiveData = endpoint(
  {
    summary: 'OS2iot: a JSON object of a device that knows its API key; answered once it is on disk',
    query: Key,
    stream: '*/*',
    status: 204,
  },
  async (call, services) => {
    const body = await readAll(call.request.body as Readable, MOST_BYTES); // the stream parser gives the request itself
    const parsed = parse(body);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
      return refuse(call, 400, 'The body is not a JSON object.');
    const { apiKey = '' } = call.query;
    return await accept(call, services, { secret: apiKey, body }, () =>
      refuse(call, 403, 'MESSAGE.DEVICE-DOES-NOT-EXIST'),
    );
  },
);

export const sigfoxCallback = endpoint(
  {
    summary: 'OS2iot: what Sigfox’s cloud posts for a device; its frame is read by the codec of the device’s model',
    query: Key,
    stream: '*/*',
    status: 204,
  },
  async (call, services) => {
    const body = await readAll(call.request.body as Readable, MOST_BYTES); // the stream parser gives the request itself
    const callback = readSigfoxCallback(parse(body));
    if (!callback || callback.deviceTypeId !== call.query.apiKey) return refuse(call, 400, 'Bad Request');
    const { data, time, seqNumber } = callback;
    const message = {
      secret: sigfoxSecret(callback),
      body,
      // Sigfox repeats a callback that was not answered in time.
      idempotencyKey: `sigfox ${time} ${seqNumber}`,
      bytesFor: (device: string) => (readsWholeMessage(device, services) ? body : Buffer.from(data, 'hex')),
    };
    return await accept(call, services, message, () => refuse(call, 404, 'Not Found'));
  },
);

/** Decoders of OS2iot read the whole callback; every other codec reads the frame. */
function readsWholeMessage(id: string, { directory, catalogue }: Services): boolean {
  const model = directory.device(id)?.model ?? '';
  const { codec } = catalogue.deviceModel(model) ?? directory.deviceModel(model) ?? {};
  return codec?.startsWith('script:') === true && directory.codec(codec.slice(7))?.signature === 'os2iot';
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined; // told by whoever asked
  }
}
