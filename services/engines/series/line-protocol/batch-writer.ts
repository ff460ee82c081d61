/**
 * Writing for engines without transactions: decides a batch, records it in the journal, sends it, and moves the cursor once
 * the server has confirmed it. The same for InfluxDB and VictoriaMetrics.
 */
import { Unavailable } from '../../../model/errors.ts';
import type { StoreCounts } from '../../../model/ledger.ts';
import type { Position } from '../../../model/log.ts';
import type { ReadingColumns } from '../../../model/readings.ts';
import { addCounts, duplicatesOf } from '../counts.ts';
import { Decision } from '../decide.ts';
import type { Newest, SeriesDictionary } from '../dictionary.ts';
import type { SeriesLogger } from '../meaning.ts';
import type { DirtyHours } from './dirty-hours.ts';
import type { Journal } from './journal.ts';
import type { Pending } from './journal-records.ts';
import type { LineServer } from './line-server.ts';
import type { Refused } from './line-writer.ts';
import { planBatch, SeriesKeys } from './plan-batch.ts';

export interface BatchWriterParts {
  journal: Journal;
  dictionary: SeriesDictionary;
  dirty: DirtyHours;
  server: LineServer;
  logger: SeriesLogger;
  /** Told of points the server refused: they are in the ledger as duplicates, and somebody must look. */
  onRefused: (refused: readonly Refused[]) => void;
}

/** An earlier batch is finished now, and the caller has to go on from the position that is true since. */
export class CaughtUp extends Unavailable {}

export class BatchWriter {
  #parts: BatchWriterParts;
  #keys: SeriesKeys;

  constructor(parts: BatchWriterParts) {
    this.#parts = parts;
    this.#keys = new SeriesKeys(parts.dictionary);
  }

  /**
   * Stores a batch. A position already passed is a batch sent again: nothing happens. One call at a time.
   * @throws RangeError for a bad row, Unavailable while the server does not answer; the batch may be pending then and is
   * finished by the next call.
   */
  async write(blocks: readonly ReadingColumns[], upTo: Position): Promise<void> {
    if (await this.#catchUp(upTo)) return;
    const { journal, dictionary, dirty, server } = this.#parts;
    const { counts, newestReceived } = journal.state;
    const decision = new Decision(dictionary, blocks);
    try {
      const undecided = decision.undecided();
      decision.settle(undecided.length > 0 ? await server.lookUp(undecided) : []);
      const plan = planBatch({ decision, dictionary, dirty, keys: this.#keys, server });
      journal.begin(
        {
          ...plan,
          upTo,
          counts: addCounts(counts, decision.counts),
          newestReceived: Math.max(newestReceived, decision.newestReceived),
          vanished: decision.vanished,
        },
        dictionary,
      );
      for (const [id, newest] of plan.newest) dictionary.publish(id, newest);
      for (const [hour, series] of plan.dirty) dirty.add(hour, series);
    } catch (error) {
      for (const id of decision.newest.keys()) dictionary.forget(id);
      throw error;
    }
    await this.finishPending();
  }

  async skip(values: Readonly<Record<string, number>>, upTo: Position): Promise<void> {
    if (await this.#catchUp(upTo)) return;
    const { journal } = this.#parts;
    const counts = addCounts(journal.state.counts, duplicatesOf(values));
    journal.advance({ ...journal.state, position: upTo, counts });
  }

  /** Sends what was under way when the process ended or the server went away, again; does nothing when nothing was. */
  async finishPending(): Promise<void> {
    const { journal, dictionary, server } = this.#parts;
    const { pending } = journal;
    if (!pending) return;
    if (pending.removals.length > 0) await server.remove(pending.removals);
    const refused = pending.bodies.length > 0 ? await server.send(pending.bodies.map((b) => b.lines)) : [];
    const asked = new Set(pending.vanished);
    for (const { body, line } of refused) asked.add(pending.bodies[body]!.series[line]!); // indices are of what was sent
    const newest = new Map<number, Newest | undefined>();
    for (const id of asked) newest.set(id, await server.newest(id));
    journal.finish(this.#withoutRefused(pending, refused), newest);
    for (const [id, value] of newest) dictionary.publish(id, value);
    if (refused.length > 0) this.#parts.onRefused(refused);
  }

  /** Finishes what was under way; true when the position is passed. @throws CaughtUp when something was, and it is not. */
  async #catchUp(upTo: Position): Promise<boolean> {
    const { journal } = this.#parts;
    const resumed = journal.pending !== undefined;
    await this.finishPending();
    const { position } = journal.state;
    if (upTo.seq <= position.seq && upTo.offset <= position.offset) return true;
    // What is under way now was read before that batch was finished and may hold parts of it: the loop reads the position
    // anew and goes on from there.
    if (resumed) throw new CaughtUp(`series: an earlier batch is finished now; go on from ${position.offset}`);
    return false;
  }

  /** A refused point is no reading and no correction: it counts as a duplicate, so that the ledger adds up. */
  #withoutRefused({ counts, bodies }: Pending, refused: readonly Refused[]): Map<string, StoreCounts> {
    const adjusted = new Map(counts);
    for (const { body, line } of refused) {
      const { verdicts, series } = bodies[body]!; // indices are of what was sent
      const { owner } = this.#parts.dictionary.refs[series[line]!]!;
      const now = adjusted.get(owner);
      if (!now || verdicts[line] === 's') continue; // it was counted as one from the start
      const kind = verdicts[line] === 'c' ? 'corrections' : 'readings';
      adjusted.set(owner, { ...now, [kind]: now[kind] - 1, duplicates: now.duplicates + 1 });
    }
    return adjusted;
  }
}
