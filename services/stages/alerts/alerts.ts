/**
 * The alerts stage: transitions and what people do become episodes.
 *
 *   transitions ──▶ raise, clear ─┐              ┌─▶ registry (what people see)
 *                                 ├─▶ episodes ──┤
 *   acts ────────▶ acknowledge, … ┘              └─▶ alerts (for notify and live)
 *
 * The registry is written first, then the batch is committed. A batch that is handled again gives the same revisions,
 * and the registry ignores a revision it has.
 */
import type { Act, Alert, AlertChange, Outage, Transition } from '../../model/alert.ts';
import { jsonBlock, readJsonBlock } from '../../model/json-block.ts';
import type { Alerts } from '../../model/registry.ts';
import type { Ops } from '../../ops/ops.ts';
import type { Outcome, Slice, Stage } from '../../pipeline/stage.ts';
import { countStanding } from './count-standing.ts';
import { changedBy, clearedBy, hasAct, raisedBy } from './episode.ts';
import { type Episode, Episodes } from './episodes.ts';

/** What is older than this when we hear of it is part of a backlog: ours, or the device's own. */
const PAST_MS = 2 * 60_000;
/** So long, on the rule clock, a backlog may still say that it is over already. */
const SETTLE_MS = 15_000;
/** The rule clock is less than this behind: the backlog is worked off. */
const CAUGHT_UP_MS = 30_000;

export function createAlerts(parts: {
  registry: { alerts: Pick<Alerts, 'get' | 'put'> };
  ops: Ops;
  /** Epoch ms. */
  now?: () => number;
}): Stage {
  const { registry, ops, now = Date.now } = parts;
  const episodes = new Episodes();
  /** Rule clock, and time of the last block written. */
  let clock = 0;
  let written = 0;
  /** After a start the registry is given what stands: it may have been restored from a backup. */
  let projected = false;
  let changes: AlertChange[] = [];

  const change = (episode: Episode, kind: AlertChange['change'], notify: boolean): void => {
    episodes.put(episode);
    changes.push({ alert: episode.alert, change: kind, notify });
  };

  const transition = (t: Transition): void => {
    if (t.to === 'raised') {
      if (episodes.has(t.alert)) return;
      const alarm = t.outcome === 'alarm';
      const past = !t.notifyPast && now() - t.time > PAST_MS;
      const told = !alarm ? 'no' : past ? 'waiting' : 'yes';
      change({ alert: raisedBy(t), told, at: t.at }, 'raised', told === 'yes');
      return;
    }
    const episode = episodes.get(t.alert);
    if (!episode) return; // somebody resolved it by hand before
    change({ ...episode, alert: clearedBy(episode.alert, t) }, 'cleared', episode.told === 'yes');
  };

  const act = async (a: Act): Promise<void> => {
    const episode = episodes.get(a.alert);
    if (!episode) return await actOnEnded(a);
    const alert = changedBy(episode.alert, a);
    if (!alert) return;
    // Whoever acts on it knows of it.
    const told = episode.told === 'waiting' ? 'no' : episode.told;
    change({ ...episode, alert, told }, a.kind, a.kind === 'resolve' && told === 'yes');
  };

  /** Comments on what is over, and episodes of a log that was lost: the registry has them. */
  const actOnEnded = async (a: Act): Promise<void> => {
    const alert = episodes.ended(a.alert)?.alert ?? (await registry.alerts.get(a.alert));
    if (!alert) {
      ops.logger.warn({ alert: a.alert, act: a.id }, 'act on an alert that is not known');
      return;
    }
    // One written before a crash that lost our commit is told again, as it is.
    const next = hasAct(alert, a) ? alert : changedBy(alert, a);
    if (next) change({ alert: next, told: 'no', at: 0 }, a.kind, false);
  };

  const slice = async ({ block, from, to }: Slice): Promise<void> => {
    written = Math.max(written, block.at);
    if (block.stream === 'transitions') {
      for (const t of readJsonBlock<Transition>(block).slice(from, to)) transition(t);
      clock = Math.max(clock, block.at);
    } else for (const a of readJsonBlock<Act | Outage>(block).slice(from, to)) if (a.kind !== 'outage') await act(a);
  };

  /** Tells of what was raised from a backlog and still stands now that the backlog is worked off. */
  const tellWaiting = (): void => {
    if (now() - clock > CAUGHT_UP_MS) return;
    for (const episode of [...episodes.waiting()]) {
      if (clock - episode.at < SETTLE_MS) continue;
      change({ ...episode, told: 'yes' }, 'raised', true);
    }
  };

  const project = async (): Promise<void> => {
    const drafts = episodes.drafts();
    const standing: Alert[] = projected ? [] : episodes.all();
    if (drafts.length + standing.length > 0) await registry.alerts.put([...standing, ...drafts]);
    projected = true;
  };

  return {
    name: 'alerts',
    reads: ['transitions', 'acts'],
    restore(state) {
      episodes.restore(state);
      // Written below.
      const saved = state.get('clock');
      [clock, written] = saved ? (JSON.parse(Buffer.from(saved).toString()) as [number, number]) : [0, 0];
      projected = false;
      countStanding(ops.metrics, episodes.all());
    },
    async handle(batch): Promise<Outcome> {
      changes = [];
      const before = [clock, written] as const;
      try {
        for (const s of batch) await slice(s);
        tellWaiting();
        await project();
      } catch (error) {
        [clock, written] = before;
        episodes.discard();
        throw error;
      }
      const state = new Map<string, Uint8Array | undefined>();
      episodes.keep(state, written);
      if (changes.length > 0) countStanding(ops.metrics, episodes.all());
      state.set('clock', Buffer.from(JSON.stringify([clock, written])));
      return { outputs: changes.length > 0 ? [jsonBlock('alerts', written, changes)] : [], state };
    },
    poison(): Outcome {
      return { outputs: [], state: new Map() }; // skipped; the loop has told the operator
    },
  };
}
