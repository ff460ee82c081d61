/**
 * Looks whether the server behind the address is ours and set up so that nothing goes wrong in silence: VictoriaMetrics
 * answers 204 to samples that its retention throws away at once, and keeps both of two equal samples unless told otherwise.
 */
import { Unavailable } from '../../../model/errors.ts';
import { encodeFields, escapeTag } from '../line-protocol/encode-lines.ts';
import type { Journal } from '../line-protocol/journal.ts';
import type { LineWriter } from '../line-protocol/line-writer.ts';
import type { SelectApi } from './select-api.ts';
import { quoted } from './selector.ts';
import type { SeriesAlerts } from './victoriametrics-series.ts';
import type { Visibility } from './visibility.ts';

export interface ServerCheckParts {
  journal: Journal;
  writer: LineWriter;
  api: SelectApi;
  visibility: Visibility;
  alerts: SeriesAlerts;
  /** For messages. */
  address: string;
}

const MARKER = 'sansevaerk.installation';
const PROBE = 'sansevaerk.retention';
const DAY = 86_400_000;
// What the quantities without a period of their own keep raw.
const KEPT_DAYS = 729;

/** @throws Unavailable when the server is away, another's, or keeps samples twice; one line says what to do. */
export async function checkServer(parts: ServerCheckParts): Promise<void> {
  await checkOwner(parts);
  await checkRetention(parts);
}

async function checkOwner({ journal, writer, api, visibility, address }: ServerCheckParts): Promise<void> {
  const id = journal.installation;
  let markers = await readMarker(api, MARKER, 0, Date.now() + DAY);
  const others = markers.filter(({ labels }) => labels.id !== id).map(({ labels }) => labels.id);
  const ours = () => markers.find(({ labels }) => labels.id === id);
  if (!ours() && others.length > 0)
    throw new Unavailable(
      `series: ${address} holds the series of another installation (${others.join(', ')}): give an empty one, or bring the folder series-victoriametrics of that installation back`,
    );
  if (!ours() && !journal.fresh)
    throw new Unavailable(
      `series: ${address} does not hold what this installation stored: give the right one, or move the folder series-victoriametrics away to begin anew there`,
    );
  if (!ours()) {
    const line = encodeFields(`${MARKER},id=${escapeTag(id)}`, { value: 1 }, journal.created);
    await writer.send([`${line}\n${line}`]); // twice on purpose, see below
    visibility.written();
    await visibility.settle();
    markers = await readMarker(api, MARKER, 0, Date.now() + DAY);
  }
  const kept = ours()?.time.length ?? 0;
  if (kept === 0) throw new Unavailable(`series: ${address} does not show yet what it confirmed`);
  // A batch sent again after a broken answer is equal samples: they must count once.
  if (kept > 1)
    throw new Unavailable(
      `series: ${address} keeps equal samples twice: start VictoriaMetrics (in a cluster vmselect and vmstorage) with -dedup.minScrapeInterval=1ms`,
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
