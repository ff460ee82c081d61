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

/** One rule on one facet of one asset. There are hundreds of thousands: what can be shared or made on demand is. */
abstract class WatchBase implements Timed {
  readonly rule: Rule;
  readonly plan: AssetPlan;
  readonly facet: string;
  readonly print: string;
  due = 0;
  place = -1;
  open: OpenEpisode | undefined = undefined;
  /** 0: no manual resolve to wait for. */
  after = 0;

  constructor({ rule, plan, facet, print }: { rule: Rule; plan: AssetPlan; facet: string; print: string }) {
    this.rule = rule;
    this.plan = plan;
    this.facet = facet;
    this.print = print;
  }

  #key: string | undefined;
  get key(): string {
    this.#key ??= watchKey(this.rule.id, this.plan.asset.id, this.facet);
    return this.#key;
  }
}

/** Looks at one series. `implausible` ones are fed whether a value is suspect, the others the value. */
export class HoldWatch extends WatchBase {
  readonly kind = 'hold';
  readonly hold: HoldPlan;
  readonly judge: Judge;
  readonly series: SeriesPlan;
  readonly state: HoldState = {};

  constructor(parts: { rule: Rule; facet: string; print: string; hold: HoldPlan; judge: Judge; series: SeriesPlan }) {
    super({ ...parts, plan: parts.series.plan });
    this.hold = parts.hold;
    this.judge = parts.judge;
    this.series = parts.series;
  }

  /** Whether there is anything to remember of it. */
  get remembered(): boolean {
    return this.state.phase !== undefined || this.open !== undefined || this.after !== 0;
  }
}

/** Looks at when the asset was last heard. */
export class AbsenceWatch extends WatchBase {
  readonly kind = 'absence';
  /** ms. */
  readonly allowed: number;
  /** Rule clock when it began to look: it blames nobody for what was before. */
  readonly from: number;

  constructor(parts: { rule: Rule; plan: AssetPlan; print: string; allowed: number; from: number }) {
    super({ ...parts, facet: '' });
    this.allowed = parts.allowed;
    this.from = parts.from;
  }

  get remembered(): boolean {
    return this.open !== undefined || this.after !== 0;
  }
}

export type Watch = HoldWatch | AbsenceWatch;

export interface SeriesPlan {
  readonly plan: AssetPlan;
  readonly quantity: string;
  /** Of the quantity, in two: `soilMoistureVwc` and `30cm`. */
  readonly name: string;
  readonly channel: string;
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
function watchKey(rule: string, asset: string, facet: string): string {
  return `w/${rule}/${asset}/${facet}`;
}

export function parseWatchKey(key: string): { rule: string; asset: string; facet: string } {
  const [, rule = '', asset = '', facet = ''] = key.split('/');
  return { rule, asset, facet };
}
