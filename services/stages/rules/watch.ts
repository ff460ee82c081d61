/** What the rules stage keeps in memory: an asset, its series, and one watch for each rule that looks at them. */

import type { HoldPlan, HoldState } from '../../knowledge/conditions/hold.ts';
import type { Judge } from '../../knowledge/conditions/judge.ts';
import type { AppliedRule } from '../../knowledge/conditions/rule-set.ts';
import type { Asset } from '../../model/asset.ts';
import type { AssetType, DeviceModel, Quantity } from '../../model/catalogue.ts';
import type { Device } from '../../model/device.ts';
import type { Rule, Severity } from '../../model/rule.ts';
import type { Timed } from './timers.ts';

/** An episode that stands, with all that is needed to end it, even when its rule or asset is gone by then. */
export interface OpenEpisode {
  alert: string;
  ruleVersion: number;
  owner: string;
  operator: string;
  type: string;
  severity: Severity;
  outcome: 'alarm' | 'worklist';
}

/** The part of a watch that is remembered: JSON under `w/{rule}/{asset}/{facet}`. */
export interface SavedWatch {
  /** Fingerprint of the condition; another one means the rule was edited. */
  print: string;
  hold?: HoldState;
  open?: OpenEpisode;
  /** After a manual resolve: receipt time after which a reading may raise anew. */
  after?: number;
}

interface WatchBase extends Timed {
  readonly key: string;
  readonly rule: Rule;
  readonly print: string;
  readonly plan: AssetPlan;
  open: OpenEpisode | undefined;
  /** 0: no manual resolve to wait for. */
  after: number;
}

/** Looks at one series. `implausible` ones are fed whether a value is suspect, the others the value. */
export interface HoldWatch extends WatchBase {
  readonly kind: 'hold';
  readonly hold: HoldPlan;
  readonly state: HoldState;
  readonly judge: Judge;
  readonly series: SeriesPlan;
}

/** Looks at when the asset was last heard. */
export interface AbsenceWatch extends WatchBase {
  readonly kind: 'absence';
  /** ms. */
  readonly allowed: number;
  /** Rule clock when it began to look: it blames nobody for what was before. */
  readonly from: number;
}

export type Watch = HoldWatch | AbsenceWatch;

export interface SeriesPlan {
  readonly plan: AssetPlan;
  readonly quantity: string;
  readonly definition: Quantity;
  readonly slot: number;
  holds: HoldWatch[];
  /** Made when the first suspect value comes: nearly no series ever needs one. */
  implausible: HoldWatch[];
}

export interface AssetPlan {
  asset: Asset;
  assetType: AssetType | undefined;
  devices: readonly Device[];
  models: readonly DeviceModel[];
  rules: AppliedRule[];
  /** Slot of the time it was last heard. */
  readonly heard: number;
  readonly series: Map<string, SeriesPlan>;
  absences: AbsenceWatch[];
  /** Whether hearing it changes something: a silence stands, or was resolved by hand. */
  attention: boolean;
}

/**
 * `facet` tells the episodes of one rule on one asset apart: the channel of the series, or for `implausible` its
 * quantity. Empty where there is but one.
 */
export function watchKey(rule: string, asset: string, facet: string): string {
  return `w/${rule}/${asset}/${facet}`;
}

export function parseWatchKey(key: string): { rule: string; asset: string; facet: string } {
  const [, rule = '', asset = '', facet = ''] = key.split('/');
  return { rule, asset, facet };
}
