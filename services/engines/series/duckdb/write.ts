/** One batch into the hot table: verdicts, rows, dictionary, counts and cursor, in one transaction. */
import type { StoreCounts } from '../../../model/ledger.ts';
import type { Position } from '../../../model/log.ts';
import type { ReadingColumns } from '../../../model/readings.ts';
import { addCounts, duplicatesOf } from '../counts.ts';
import { Decision, type Key } from '../decide.ts';
import type { Newest } from '../dictionary.ts';
import { appendColumns } from './append.ts';
import { type Core, transaction } from './core.ts';
import { lookUp } from './look-up.ts';
import { newestStored } from './newest-stored.ts';
import { int, monthOf } from './sql.ts';
import { hotTable } from './view.ts';

/** Stores a batch. A position already passed is a batch sent again: nothing happens. @throws RangeError for a bad row. */
export function writeBatch(core: Core, blocks: readonly ReadingColumns[], upTo: Position): Promise<void> {
  return core.exclusive(async () => {
    if (isPassed(core, upTo)) return;
    const decision = new Decision(core.dictionary, blocks);
    try {
      const restored = await transaction(core.writer, () => store(core, decision, upTo));
      publish(core, decision, restored, upTo);
    } catch (error) {
      for (const id of decision.newest.keys()) core.dictionary.forget(id);
      throw error;
    }
  });
}

/** Moves the cursor past values that cannot be stored: they count as duplicates, so that the ledger still adds up. */
export function skipValues(core: Core, values: Readonly<Record<string, number>>, upTo: Position): Promise<void> {
  return core.exclusive(async () => {
    if (isPassed(core, upTo)) return;
    const counts = addCounts(core.state.counts, duplicatesOf(values));
    await transaction(core.writer, () => saveState(core, upTo, counts, core.state.newestReceived));
    Object.assign(core.state, { position: upTo, counts });
  });
}

function isPassed({ state }: Core, upTo: Position): boolean {
  return upTo.seq <= state.position.seq && upTo.offset <= state.position.offset;
}

/** The newest values left to the series whose newest was retracted. */
type Restored = Map<number, Newest | undefined>;

async function store(core: Core, decision: Decision, upTo: Position): Promise<Restored> {
  decision.settle(await lookUp(core, decision.undecided()));
  await saveSeries(core);
  await removeReplaced(core, decision);
  await appendAccepted(core, decision);
  const restored: Restored = new Map();
  for (const id of decision.vanished) restored.set(id, await restoreNewest(core, id));
  const counts = addCounts(core.state.counts, decision.counts);
  await saveState(core, upTo, counts, Math.max(core.state.newestReceived, decision.newestReceived));
  return restored;
}

function publish(core: Core, decision: Decision, restored: Restored, upTo: Position): void {
  const { dictionary, state } = core;
  const open = core.views.current.open;
  const accepted = decision.accepted.reduce((n, a) => n + a, 0);
  if (accepted > 0 && open.since === 0) open.since = Date.now();
  open.rows += accepted;
  dictionary.markSaved();
  for (const [id, row] of decision.newest) dictionary.publish(id, decision.rowAt(row));
  for (const [id, newest] of restored) dictionary.publish(id, newest);
  Object.assign(state, {
    position: upTo,
    counts: addCounts(state.counts, decision.counts),
    newestReceived: Math.max(state.newestReceived, decision.newestReceived),
  });
}

async function saveSeries({ writer, dictionary }: Core): Promise<void> {
  if (dictionary.unsaved.size === 0) return;
  const fresh = dictionary.refs.slice(dictionary.saved);
  // A moved series is written anew: its number stays.
  const moved = [...dictionary.unsaved].filter((id) => id < dictionary.saved);
  if (moved.length > 0) await writer.run(`DELETE FROM series WHERE id IN (${moved.map(int).join(',')})`);
  const ids = [...moved, ...fresh.map((_, i) => dictionary.saved + i)];
  const refs = ids.map((id) => dictionary.refs[id]!); // numbers of the dictionary
  const columns = [ids, ...(['asset', 'quantity', 'owner', 'type'] as const).map((name) => refs.map((r) => r[name]))];
  await appendColumns(writer, 'series', columns as (number[] | string[])[], ids.length);
}

// A replaced row leaves its hot table. One in a sealed file is marked dead for the files there are so far; one in a
// table that is being sealed must be marked too, because the file may have been written with it.
async function removeReplaced(core: Core, decision: Decision): Promise<void> {
  const { writer, views, state } = core;
  const byTable = new Map<number, number[]>();
  const dead: Key[] = [];
  for (const key of decision.keys.values()) {
    if (!key.replaced || !key.stored) continue;
    const { generation, row } = key.stored;
    if (generation < 0) dead.push(key);
    else {
      byTable.set(generation, [...(byTable.get(generation) ?? []), row]);
      if (views.current.generations.some((g) => g.id === generation && g.sealing)) dead.push(key);
    }
  }
  for (const [id, rows] of byTable) {
    await writer.run('DELETE FROM temp.gone');
    await appendColumns(writer, 'gone', [rows], rows.length, 'temp');
    await writer.run(`DELETE FROM hot_${int(id)} WHERE rowid IN (SELECT row::BIGINT FROM temp.gone)`);
  }
  const columns = [
    dead.map((k) => monthOf(k.time)),
    dead.map((k) => k.series),
    dead.map((k) => k.time),
    dead.map(() => state.nextPart),
  ];
  await appendColumns(writer, 'dead', columns, dead.length);
}

async function appendAccepted(core: Core, decision: Decision): Promise<void> {
  const { rows, series, accepted, contested } = decision;
  const open = core.views.current.open;
  const column = () => new Float64Array(rows);
  const [id, time, value, received, uplink, revision, marks, disputed] = [
    new Int32Array(rows),
    column(),
    column(),
    column(),
    column(),
    new Uint16Array(rows),
    new Uint8Array(rows),
    new Uint8Array(rows),
  ] as const;
  let at = 0;
  let n = 0;
  for (const block of decision.blocks)
    for (let i = 0; i < block.count; i++, at++) {
      if (accepted[at] === 0) continue;
      const t = block.time[i]!;
      if (t < open.minTime) open.minTime = t;
      if (t > open.maxTime) open.maxTime = t;
      id[n] = series[at]!;
      time[n] = t;
      value[n] = block.value[i]! + 0; // -0 is stored as 0: there is no such reading
      received[n] = block.received[i]!;
      uplink[n] = block.uplink[i]!;
      revision[n] = block.revision[i]!;
      marks[n] = block.marks[i]!;
      disputed[n] = contested[at]!;
      n++;
    }
  await appendColumns(core.writer, hotTable(open), [id, time, value, received, uplink, revision, marks, disputed], n);
}

// The saved newest value must not come back at the next start.
async function restoreNewest(core: Core, id: number): Promise<Newest | undefined> {
  const newest = await newestStored(core, id);
  await core.writer.run(`DELETE FROM latest WHERE series = ${int(id)}`);
  if (newest) await saveLatest(core, [[id, newest]]);
  return newest;
}

/** Rows of the table `latest`. */
export async function saveLatest(core: Core, newest: readonly [number, Newest][]): Promise<void> {
  const columns = [
    newest.map(([id]) => id),
    ...(['time', 'value', 'received', 'marks', 'uplink', 'revision'] as const).map((name) =>
      newest.map(([, n]) => n[name]),
    ),
  ];
  await appendColumns(core.writer, 'latest', columns, newest.length);
}

async function saveState(
  core: Core,
  position: Position,
  counts: ReadonlyMap<string, StoreCounts>,
  newestReceived: number,
): Promise<void> {
  await core.writer.run('UPDATE state SET seq = $1, off = $2, counts = $3, newest_received = $4, next_part = $5', [
    position.seq,
    position.offset,
    JSON.stringify(Object.fromEntries(counts)),
    newestReceived,
    core.state.nextPart,
  ]);
}
