/** Somebody who pushes: his token, his mapping, and an answer once all of it is on disk. */
import { timingSafeEqual } from 'node:crypto';
import { type HttpPushSettings, PUSH_TOKEN } from '../../../knowledge/sources/http-push.ts';
import { readRecords } from '../../../knowledge/sources/records.ts';
import { Rejected } from '../../../model/errors.ts';
import { hashSecret } from '../../../model/secret.ts';
import type { Source } from '../../../model/source.ts';
import type { Pushed } from '../../../model/source-runner.ts';
import type { Forwarder } from './forwarder.ts';
import type { Mapper } from './mapper.ts';
import { type SourceStatus, unusableText } from './source-status.ts';

export interface PushParts {
  source: Source;
  settings: HttpPushSettings;
  mapper: Pick<Mapper, 'map'>;
  forwarder: Forwarder;
  status: SourceStatus;
}

/** Whether a source takes pushes with this token. Takes the same time whatever is wrong with it. */
export function takesToken({ enabled, kind, secrets }: Source, token: string): boolean {
  const own = secrets && Object.hasOwn(secrets, PUSH_TOKEN) ? secrets[PUSH_TOKEN] : undefined;
  const same = timingSafeEqual(Buffer.from(hashSecret(token)), Buffer.from(hashSecret(own ?? '')));
  return same && own !== undefined && enabled && kind === 'http-push';
}

/** @throws Rejected `mapping-failed`, or `invalid-input` when nothing could be used; Unavailable. */
export async function push(
  { settings, mapper, forwarder, status }: PushParts,
  { body, idempotencyKey }: { body: Uint8Array; idempotencyKey?: string },
): Promise<Pushed> {
  const { records: mapped } = await mapper.map({
    expressions: { records: settings.records },
    input: Buffer.from(body).toString(),
    bindings: {},
  });
  const read = readRecords(mapped, { needsTime: false });
  const { uplinks, records, unknown, tooLarge } = await forwarder.prepare(read.records, idempotencyKey);
  const problems = [...read.problems, ...tooLarge.map((device) => `${device}: a record is too large`)];
  const unusable = read.unusable + tooLarge.length;
  // The sender keeps what he was refused; he is told so rather than thanked.
  if (records === 0 && unusable > 0)
    throw new Rejected('invalid-input', `nothing could be used: ${problems.join('; ')}`);
  await forwarder.send(uplinks);
  status.took({ records, unusable, unknown });
  status.connected(unusableText(unusable, problems));
  return { records, unusable, unknown, problems };
}
