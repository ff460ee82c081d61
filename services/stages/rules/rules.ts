/**
 * The rules stage: readings in, transitions out.
 *
 *   readings ──▶ marks, order (below) ──▶ Evaluator ──▶ transitions
 *   acts ───────▶ manual resolves ───────────▲  ▲
 *   directory ──▶ Planner: who watches what ─┘  └─ ticks, receipt times: the rule clock
 */
import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import { isRelevant } from '../../knowledge/conditions/hold.ts';
import { RuleSet } from '../../knowledge/conditions/rule-set.ts';
import type { Act, Outage } from '../../model/alert.ts';
import type { Directory } from '../../model/directory.ts';
import { jsonBlock, readJsonBlock } from '../../model/json-block.ts';
import { decodeReadings, MARK, type ReadingColumns } from '../../model/readings.ts';
import type { Ops } from '../../ops/ops.ts';
import type { Outcome, Slice, Stage } from '../../pipeline/stage.ts';
import { Evaluator } from './evaluator.ts';
import { Planner } from './planner.ts';

/** How often, on the rule clock, alerts is told what time it is for the rules. */
const TICK_MS = 10_000;

export function createRules(parts: {
  directory: Directory;
  catalogue: Catalogue;
  ops: Ops;
  /** Shared with the api, which lists the same rules. */
  ruleSet?: RuleSet;
}): Stage {
  const { directory, catalogue, ops } = parts;
  const ruleSet = parts.ruleSet ?? new RuleSet(catalogue);
  const evaluator = new Evaluator(directory);
  const onTooMany = (asset: string) =>
    ops.alerts.raise('rules-series', `${asset} has more than a thousand series; rules look at the first thousand`);
  const planner = new Planner({ directory, catalogue, ruleSet, evaluator, onTooMany });
  const made = ops.metrics.counter('transitions_total', 'Rules that became true or false for an asset', ['to']);
  let told = 0;

  const readings = ({ block, from, to }: Slice): void => {
    const columns = decodeReadings(block.body);
    handleRows(columns, from, to, evaluator, planner);
    if (to < block.count) return; // the rest of the block comes later, and its time with it
    for (const tick of columns.ticks) evaluator.advance(tick);
    evaluator.advance(block.at);
  };

  const acts = ({ block, from, to }: Slice): void => {
    for (const act of readJsonBlock<Act | Outage>(block).slice(from, to)) {
      if (act.kind === 'outage') evaluator.outages.note(act);
      else if (act.kind === 'resolve') evaluator.resolve(act.alert, act.at);
    }
  };

  const outcome = (): Outcome => {
    const transitions = evaluator.takeTransitions();
    for (const { to } of transitions) made.inc({ to });
    const { now } = evaluator.clock;
    // An empty block carries the time: alerts waits for it before it calls people about what may be over.
    const tell = transitions.length > 0 || Math.floor(now / TICK_MS) > Math.floor(told / TICK_MS);
    if (tell) told = now;
    return { outputs: tell ? [jsonBlock('transitions', now, transitions)] : [], state: evaluator.save() };
  };

  return {
    name: 'rules',
    reads: ['readings', 'acts'],
    async restore(state) {
      // Without it, every rule and asset would look deleted and every episode would end.
      await directory.refresh();
      evaluator.restore(state);
      planner.restore(state);
    },
    handle(batch) {
      planner.update();
      for (const slice of batch) {
        if (slice.block.stream === 'acts') acts(slice);
        else readings(slice);
      }
      return outcome();
    },
    poison(): Outcome {
      return { outputs: [], state: new Map() }; // skipped; the loop has told the operator
    },
  };
}

/** The hot path: hundreds of thousands of rows a second, of which nearly none changes anything. */
function handleRows(c: ReadingColumns, from: number, to: number, evaluator: Evaluator, planner: Planner): void {
  const { seriesIndex, time, value, received, marks, ticks } = c;
  const { clock, memory } = evaluator;
  const plans = c.series.map((s) => planner.series(s.asset, s.quantity));
  let tick = 0;
  for (let i = from; i < to; i++) {
    const at = received[i]!; // i is a row, in each of the columns
    if (at > clock.now) {
      while (tick < ticks.length && ticks[tick]! <= at) evaluator.advance(ticks[tick++]!); // within the list
      evaluator.advance(at);
    }
    const mark = marks[i]!;
    const series = plans[seriesIndex[i]!]; // a series of the block
    if (!series || mark & MARK.history) continue;
    evaluator.heard(series.plan, at);
    const measured = time[i]!;
    if (measured <= memory.time[series.slot]!) continue; // not newer than the last one used
    if (mark & (MARK.late | MARK.suspect)) {
      // A late gauge, interval or counter is history only; a late state is the truth however late it came.
      if (mark & MARK.late && series.definition.kind !== 'state') continue;
      if (mark & MARK.suspect) {
        for (const watch of planner.implausible(series)) {
          // The same suspect value again is not a second one.
          if (measured > (watch.state.last ?? Number.NEGATIVE_INFINITY) && isRelevant(watch.state, 1)) {
            evaluator.signal(watch, 1, measured, value[i]!, at);
          }
        }
        continue;
      }
    }
    evaluator.use(series, measured, value[i]!, at);
  }
}
