/** Makes the transition of a watch: its identity, its evidence, and what it says. */
import { createHash } from 'node:crypto';
import { endedSentence, fillSentence } from '../../knowledge/conditions/sentence.ts';
import type { Evidence, Transition } from '../../model/alert.ts';
import type { Directory } from '../../model/directory.ts';
import { type OpenEpisode, parseWatchKey, type Watch } from './watch.ts';

/** Hash of rule, asset and raising time, and of the facet where one rule has several episodes on an asset. */
export function alertId(key: string, time: number): string {
  const { rule, asset, facet } = parseWatchKey(key);
  const parts = facet === '' ? [rule, asset, time] : [rule, asset, time, facet];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

export interface Turn {
  to: Transition['to'];
  /** Event time, epoch ms. */
  time: number;
  /** Rule clock, epoch ms. */
  at: number;
  evidence: Evidence;
  cause?: NonNullable<Transition['cause']>;
}

export function transitionOf(watch: Watch, open: OpenEpisode, turn: Turn, directory: Directory): Transition {
  const { rule, plan } = watch;
  const context = {
    asset: plan.asset,
    parent: plan.asset.parent === undefined ? undefined : directory.asset(plan.asset.parent),
    assetType: plan.assetType,
    quantity: watch.kind === 'hold' ? watch.series.definition : undefined,
    evidence: turn.evidence,
    time: turn.time,
  };
  return {
    ...open,
    ...turn,
    rule: rule.id,
    asset: plan.asset.id,
    recipients: [...rule.to],
    name: rule.name,
    sentence: turn.to === 'raised' ? fillSentence(rule.sentence, context) : endedSentence(rule.name, context),
    notifyPast: rule.notifyPast ?? false,
  };
}

/** The end of an episode whose rule or asset is no longer there to ask. */
export function orphanTransition(
  key: string,
  open: OpenEpisode,
  at: number,
  cause: NonNullable<Transition['cause']>,
): Transition {
  const { rule, asset } = parseWatchKey(key);
  const nothing = { da: '', en: '' };
  return {
    ...open,
    rule,
    asset,
    to: 'cleared',
    time: at,
    at,
    cause,
    recipients: [],
    name: nothing,
    sentence: nothing,
    evidence: {},
    notifyPast: false,
  };
}
