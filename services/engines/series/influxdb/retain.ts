/** Retention: raw values of a quantity go when they are too old, its hours stay for ever. The server frees the disk when it compacts. */
import { baseOf } from '../dictionary.ts';
import { homesOf } from '../line-protocol/homes.ts';
import { type Core, DAY, HOUR } from './core.ts';
import { unanswered } from './influx-client.ts';
import { name, oneOf, within } from './influxql.ts';

// Counting two years of raw values may take its time; nobody waits for it but the next turn.
const COUNT_MS = 120_000;

/** Semantics: Retention. Once a day for each quantity, whole hours; an hour without its rollup waits for it. */
export async function retain(core: Core, stopped: () => boolean): Promise<void> {
  // InfluxDB 3 cannot delete: what is too old is not shown any more, and its disk is the operator's (docs/decisions/007).
  if (!core.erasing.deletes) return;
  await finishRetaining(core);
  for (const quantity of core.dictionary.quantities()) {
    if (stopped()) return;
    const before = Math.floor(core.retention.rawBefore(quantity) / HOUR) * HOUR;
    const done = Number(core.journal.note(`retained:${quantity}`) ?? 0);
    if (before - done < DAY || waitsForRollup(core, quantity, [done, before])) continue;
    const rows = await countRows(core, quantity, before);
    // Recorded first: after a crash the same values are deleted again and counted once.
    core.journal.setNotes({ retaining: JSON.stringify({ quantity, before, rows }) });
    await finishRetaining(core);
    core.logger.info({ quantity, before, rows }, 'raw values that are too old were deleted');
  }
}

/** How many raw values retention has taken. */
export function rowsRetained(core: Pick<Core, 'journal'>): number {
  return Number(core.journal.note('rows-retained') ?? 0);
}

async function finishRetaining(core: Core): Promise<void> {
  const text = core.journal.note('retaining');
  if (text === undefined) return;
  const { quantity, before, rows } = JSON.parse(text) as { quantity: string; before: number; rows: number }; // written above
  await core.server.remove(
    selections(core, quantity, before).map((from) => ({ kind: 'statement', text: `DELETE ${from}` })),
  );
  core.journal.setNotes({
    retaining: undefined,
    [`retained:${quantity}`]: String(before),
    'rows-retained': String(rowsRetained(core) + rows),
  });
}

/** Hours before `done` have no raw values to compute anything from: of them nobody waits for a rollup. */
function waitsForRollup(
  { dirty, dictionary }: Core,
  quantity: string,
  [done, before]: readonly [number, number],
): boolean {
  for (const [hour, series] of dirty.all()) {
    const time = hour * HOUR;
    if (time >= done && time < before && baseOf(dictionary.refs[series]!.quantity) === quantity) return true; // numbers come from the dictionary
  }
  return false;
}

async function countRows(core: Core, quantity: string, before: number): Promise<number> {
  const statements = selections(core, quantity, before).map((from) => `SELECT count("value") ${from}`);
  if (statements.length === 0) return 0;
  try {
    const answer = await core.client.query(
      statements.join(';'),
      AbortSignal.any([core.signal, AbortSignal.timeout(COUNT_MS)]),
    );
    return answer.reduce((sum, { values }) => sum + Number(values[0]?.[1] ?? 0), 0);
  } catch (error) {
    throw unanswered(error);
  }
}

/** FROM and WHERE of each type that has the quantity, with all its channels. */
function selections({ dictionary }: Core, quantity: string, before: number): string[] {
  const channels = new Map<string, Set<string>>();
  dictionary.refs.forEach((ref, series) => {
    if (baseOf(ref.quantity) !== quantity) return;
    for (const type of homesOf(dictionary, series))
      channels.set(type, (channels.get(type) ?? new Set()).add(ref.quantity));
  });
  return [...channels].map(
    ([type, names]) => `FROM ${name(type)} WHERE ${oneOf('quantity', [...names])} AND ${within(0, before)}`,
  );
}
