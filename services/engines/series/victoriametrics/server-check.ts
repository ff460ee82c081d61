/**
 * Looks whether the server behind the address is ours and set up so that nothing goes wrong in silence: VictoriaMetrics
 * answers 204 to samples that its retention throws away at once, and keeps both of two equal samples unless told otherwise.
 */
import { Unavailable } from '../../../model/errors.ts';
import { encodeFields, escapeTag } from '../line-protocol/encode-lines.ts';
import type { Journal } from '../line-protocol/journal.ts';
import type { LineWriter } from '../line-protocol/line-writer.ts';
import type { SeriesAlerts } from '../line-protocol/server-watch.ts';
import type { SelectApi } from './select-api.ts';
import { quoted } from './selector.ts';
import type { Visibility } from './visibility.ts';

export interface ServerCheckParts {
  journal: Journal;
  writer: LineWriter;
  api: SelectApi;
  visibility: Visibility;
  alerts: SeriesAlerts;
  /** For messages; `folder` is the journal's. */
  address: string;
  folder: string;
}

const MARKER = 'sansevaerk.installation';
const PROBE = 'sansevaerk.retention';
const DAY = 86_400_000;
// What the quantities without a period of their own keep raw.
const KEPT_DAYS = 729;

/** The server is not the one our journal tells of, or set up so that figures would be wrong: an operator has to act. */
export class WrongServer extends Error {
  override readonly name = 'WrongServer';
}

/** @throws WrongServer with one line that says what to do, Unavailable when it does not answer. */
export async function checkServer(parts: ServerCheckParts): Promise<void> {
  await checkOwner(parts);
  await checkDuplicates(parts);
  await checkRetention(parts);
}

async function checkOwner({ journal, api, address, folder }: ServerCheckParts): Promise<void> {
  const markers = await readMarker(api, MARKER, 0, Date.now() + DAY);
  if (markers.some(({ labels }) => labels.id === journal.installation)) return;
  const other = markers[0]?.labels.id;
  if (other !== undefined)
    throw new WrongServer(
      `SANSEVAERK_SERIES_URL: ${address} holds the readings of another installation (${other}); give an empty one, or restore the folder ${folder} that belongs to it`,
    );
  if (!journal.fresh)
    throw new WrongServer(
      `SANSEVAERK_SERIES_URL: ${address} has nothing of what this installation stored; give the former address, or remove ${folder} to begin anew with what the log still has`,
    );
}

/** Marks the server as ours, twice at one instant: a batch sent again after a broken answer has to count once as well. */
async function checkDuplicates({ journal, writer, api, visibility, address }: ServerCheckParts): Promise<void> {
  const at = Date.now();
  const line = encodeFields(`${MARKER},id=${escapeTag(journal.installation)}`, { value: 1 }, at);
  await writer.send([`${line}\n${line}`]);
  visibility.written();
  await visibility.settle();
  const [marker] = await readMarker(api, MARKER, at, at);
  if (!marker) throw new Unavailable(`series: ${address} does not show yet what it confirmed`);
  if (marker.time.length > 1)
    throw new WrongServer(
      `SANSEVAERK_SERIES_URL: ${address} keeps equal samples twice; start VictoriaMetrics (in a cluster vmselect and vmstorage) with -dedup.minScrapeInterval=1ms`,
    );
}

async function checkRetention({ journal, writer, api, visibility, alerts, address }: ServerCheckParts): Promise<void> {
  const at = (Math.floor(Date.now() / DAY) - KEPT_DAYS) * DAY;
  await writer.send([encodeFields(`${PROBE},id=${escapeTag(journal.installation)}`, { value: 1 }, at)]);
  visibility.written();
  await visibility.settle();
  const kept = await readMarker(api, PROBE, at, at);
  if (kept.length > 0) alerts.clear('series-retention');
  else
    alerts.raise(
      'series-retention',
      `${address} forgets what is older than its -retentionPeriod, which is less than two years: late readings beyond it are lost there`,
    );
}

function readMarker(api: SelectApi, measurement: string, from: number, to: number) {
  return api.export([`{__name__=${quoted(`${measurement}_value`)}}`], from, to);
}
