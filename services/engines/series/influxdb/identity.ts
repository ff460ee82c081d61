/** Journal and bucket belong together: a marker in the bucket tells when somebody points one of them elsewhere. */
import { Unavailable } from '../../../model/errors.ts';
import { encodeFields, escapeMeasurement, escapeTag } from '../line-protocol/encode-lines.ts';
import type { Core } from './core.ts';
import { QueryError, unanswered } from './influx-client.ts';
import { isEmpty } from './influx-server.ts';
import { name } from './influxql.ts';

const MARKER = 'sansevaerk.installation';
const DEADLINE_MS = 10_000;

/** The bucket is not the one our journal tells of: at the start a reason to end, later on something an operator has to mend. */
export class WrongBucket extends Unavailable {}

type Parts = Pick<Core, 'client' | 'server' | 'erasing' | 'journal' | 'signal'> & { folder: string };

/** @throws WrongBucket with one line that says what to do; Unavailable when the server does not answer or is set up wrongly. */
export async function checkBucket(parts: Parts): Promise<void> {
  const { client, journal, folder } = parts;
  const { bucket } = client.address;
  if ((await askVersion(parts)) >= 3) parts.erasing.hideInstead();
  const others = await readMarkers(parts);
  if (others?.includes(journal.installation)) return;
  if (others && others.length > 0)
    throw new WrongBucket(
      `SANSEVAERK_SERIES_URL: the bucket ${bucket} holds the readings of another installation (${others[0]}); give an empty bucket, or restore the folder ${folder} that belongs to it`,
    );
  if (!journal.fresh)
    throw new WrongBucket(
      `SANSEVAERK_SERIES_URL: the bucket ${bucket} has nothing of what this installation stored; give the address of the former bucket, or restore the bucket and the data folder from one backup`,
    );
  const key = `${escapeMeasurement(MARKER)},id=${escapeTag(journal.installation)}`;
  const refused = await parts.server.send([encodeFields(key, { created: journal.created }, journal.created)]);
  if (refused.length > 0)
    throw new Unavailable(
      `series: the bucket ${bucket} takes no points: ${refused[0]!.reason}; its retention must be infinite`,
    );
  if (!(await readMarkers(parts))?.includes(journal.installation))
    throw new Unavailable(
      `series: the bucket ${bucket} can be written but not asked in InfluxQL; InfluxDB 2 needs a DBRP mapping of that name`,
    );
}

async function askVersion({ client, signal }: Parts): Promise<number> {
  try {
    return await client.majorVersion(AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]));
  } catch (error) {
    throw unanswered(error);
  }
}

/** Ids of the installations whose marker is there; `undefined` when the bucket cannot be asked because it is not there. */
async function readMarkers({ client, signal }: Parts): Promise<string[] | undefined> {
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    const series = await client.query(`SELECT last("created") FROM ${name(MARKER)} GROUP BY "id"`, deadline);
    return series.flatMap(({ tags }) => tags?.id ?? []);
  } catch (error) {
    if (error instanceof QueryError && isEmpty(error)) return undefined;
    throw unanswered(error);
  }
}
