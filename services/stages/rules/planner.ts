/**
 * Keeps the watches in step with the directory: which rules look at which series of which assets. After a change it
 * compares by identity, since the directory replaces what changed and nothing else, and rebuilds only those assets.
 */
import { type Catalogue, splitChannel } from '../../knowledge/catalogue/catalogue.ts';
import { allowedSilence } from '../../knowledge/conditions/absence.ts';
import type { AppliedRule, RuleSet } from '../../knowledge/conditions/rule-set.ts';
import type { Asset } from '../../model/asset.ts';
import type { DeviceModel } from '../../model/catalogue.ts';
import type { Device } from '../../model/device.ts';
import type { Directory } from '../../model/directory.ts';
import type { Rule } from '../../model/rule.ts';
import { CompiledRule } from './compiled-rule.ts';
import type { Evaluator } from './evaluator.ts';
import { type EndCause, Succession } from './succession.ts';
import { AbsenceWatch, type AssetPlan, HoldWatch, parseWatchKey, type SeriesPlan, type Watch } from './watch.ts';

/** Gives the watch a new one follows, and marks it as followed. */
type Take = (watch: Watch) => Watch | undefined;
const NOBODY: Take = () => undefined;

/** Of one asset that rules look at: channels are names that devices make up, so there must be an end to them. */
const MOST_SERIES = 1000;
/** Between asset and quantity in the name of a slot; neither can contain it. */
const TAB = '\t';

export class Planner {
  #directory: Directory;
  #catalogue: Catalogue;
  #ruleSet: RuleSet;
  #evaluator: Evaluator;
  #version = -1;
  #rules: Rule[] = [];
  #plans = new Map<string, AssetPlan>();
  #succession: Succession;
  #compiled = new WeakMap<Rule, CompiledRule>();
  #onTooMany: (asset: string) => void;

  constructor(parts: {
    directory: Directory;
    catalogue: Catalogue;
    ruleSet: RuleSet;
    evaluator: Evaluator;
    onTooMany: (asset: string) => void;
  }) {
    this.#onTooMany = parts.onTooMany;
    this.#directory = parts.directory;
    this.#catalogue = parts.catalogue;
    this.#ruleSet = parts.ruleSet;
    this.#evaluator = parts.evaluator;
    this.#succession = new Succession(parts.evaluator);
  }

  restore(state: Map<string, Uint8Array>): void {
    this.#plans.clear();
    this.#rules = [];
    this.#version = -1;
    this.#succession.restore(state);
  }

  /** Takes over what changed in the directory. Cheap when nothing did. */
  update(): void {
    if (this.#directory.version === this.#version) return;
    const first = this.#version < 0;
    this.#version = this.#directory.version;
    const rules = [...this.#directory.rules()];
    const rulesChanged = rules.length !== this.#rules.length || rules.some((rule, i) => rule !== this.#rules[i]);
    this.#rules = rules;
    let present = 0;
    for (const asset of this.#directory.assets()) {
      const plan = this.#plans.get(asset.id);
      if (plan) present++;
      if (!plan) {
        // Nothing to watch before it has a device: its series get their plans when they come.
        if (this.#directory.devicesOf(asset.id).length > 0) this.#open(asset);
      } else if (plan.asset !== asset || this.#otherDevices(plan) || (rulesChanged && this.#otherRules(plan))) {
        this.#rebuild(plan, asset);
      }
    }
    if (present < this.#plans.size) this.#closeDeleted();
    if (first) this.#resume();
  }

  /** `undefined` when the asset or the quantity is not known (yet), or the asset has too many series for rules. */
  series(asset: string, quantity: string): SeriesPlan | undefined {
    const known = this.#plans.get(asset)?.series.get(quantity);
    if (known) return known;
    const found = this.#directory.asset(asset);
    const definition = this.#catalogue.quantity(quantity);
    if (!found || !definition) return undefined;
    const plan = this.#plans.get(asset) ?? this.#open(found);
    if (plan.series.size >= MOST_SERIES) {
      this.#onTooMany(asset);
      return undefined;
    }
    const slot = this.#evaluator.memory.slot(asset + TAB + quantity);
    const [name, channel] = splitChannel(quantity);
    const series: SeriesPlan = { plan, quantity, name, channel, definition, slot, holds: [], implausible: [] };
    plan.series.set(quantity, series);
    this.#watchSeries(series, NOBODY);
    return series;
  }

  /** The watches for suspect values of a series, made when the first one comes. */
  implausible(series: SeriesPlan): readonly HoldWatch[] {
    if (series.implausible.length === 0) this.#watchImplausible(series, NOBODY);
    return series.implausible;
  }

  #open(asset: Asset): AssetPlan {
    const heard = this.#evaluator.memory.slot(asset.id + TAB);
    const plan: AssetPlan = {
      ...this.#lookUp(asset),
      heard,
      series: new Map(),
      absences: [],
      attention: false,
    };
    this.#plans.set(asset.id, plan);
    this.#watchAbsence(plan, NOBODY);
    return plan;
  }

  #lookUp(asset: Asset): Pick<AssetPlan, 'asset' | 'assetType' | 'devices' | 'models' | 'rules'> {
    const devices = this.#directory.devicesOf(asset.id);
    return {
      asset,
      assetType: this.#catalogue.assetType(asset.type),
      devices,
      models: this.#modelsOf(devices),
      rules: this.#ruleSet.of(asset, this.#rules),
    };
  }

  /** Those that ship, else those that an operator added. */
  #modelsOf(devices: readonly Device[]): DeviceModel[] {
    return devices
      .map((d) => this.#catalogue.deviceModel(d.model) ?? this.#directory.deviceModel(d.model))
      .filter((m) => m !== undefined);
  }

  /** Series and watches the stage remembers, after a start: timers must run before the next value comes. */
  #resume(): void {
    for (const name of [...this.#evaluator.memory.names()]) {
      const [asset = '', quantity = ''] = name.split(TAB);
      if (!this.#directory.asset(asset)) this.#evaluator.memory.free(name);
      else if (quantity !== '') this.series(asset, quantity);
    }
    for (const key of this.#succession.unclaimed()) {
      const { asset, facet } = parseWatchKey(key);
      const series = this.#plans.get(asset)?.series.get(facet);
      if (series) this.implausible(series); // takes it, when it is one of them
    }
    this.#succession.endUnclaimed((key) => {
      const { rule, asset } = parseWatchKey(key);
      return this.#directory.asset(asset) ? this.#causeFor(rule, undefined) : 'asset-changed';
    });
  }

  #rebuild(plan: AssetPlan, asset: Asset): void {
    const old = new Map<string, Watch>();
    for (const watch of watchesOf(plan)) old.set(watch.key, watch);
    for (const watch of old.values()) this.#evaluator.remove(watch);
    Object.assign(plan, this.#lookUp(asset));
    plan.attention = false;
    const take: Take = ({ key }) => {
      const before = old.get(key);
      old.delete(key);
      return before;
    };
    this.#watchAbsence(plan, take);
    for (const series of plan.series.values()) {
      const suspected = series.implausible.length > 0;
      this.#watchSeries(series, take);
      if (suspected) this.#watchImplausible(series, take);
    }
    for (const watch of old.values()) {
      this.#evaluator.end(watch, this.#causeFor(watch.rule.id, watch.rule));
      this.#evaluator.remove(watch);
    }
  }

  #closeDeleted(): void {
    for (const [id, plan] of this.#plans) {
      if (this.#directory.asset(id)) continue;
      for (const watch of watchesOf(plan)) {
        this.#evaluator.end(watch, 'asset-changed');
        this.#evaluator.remove(watch);
      }
      for (const quantity of plan.series.keys()) this.#evaluator.memory.free(id + TAB + quantity);
      this.#evaluator.memory.free(id + TAB);
      this.#plans.delete(id);
    }
  }

  /** Why a rule no longer looks at an asset. */
  #causeFor(id: string, before: Rule | undefined): EndCause {
    const now = this.#rules.find((r) => r.id === id) ?? this.#ruleSet.builtin.find((r) => r.id === id);
    if (!now) return 'rule-deleted';
    return now === before ? 'asset-changed' : 'rule-changed';
  }

  #watchAbsence(plan: AssetPlan, take: Take): void {
    plan.absences = [];
    if (plan.devices.length === 0) return; // nobody there to be silent
    for (const { rule } of plan.rules) {
      const { condition } = rule;
      if (condition.kind !== 'absence') continue;
      const allowed = allowedSilence(condition, plan.assetType, plan.models);
      const { print } = this.#compile(rule);
      const watch = new AbsenceWatch({ rule, plan, print, allowed, from: this.#evaluator.clock.now });
      plan.absences.push(watch);
      this.#succession.begin(watch, take(watch));
    }
  }

  #watchSeries(series: SeriesPlan, take: Take): void {
    series.holds = [];
    series.implausible = [];
    for (const { rule } of series.plan.rules) {
      const { kind } = rule.condition;
      if (kind !== 'threshold' && kind !== 'state') continue;
      const compiled = this.#compile(rule);
      const facet = compiled.facetOn(series);
      if (facet !== undefined) series.holds.push(this.#watch(compiled, facet, series, take));
    }
  }

  #watchImplausible(series: SeriesPlan, take: Take): void {
    series.implausible = [];
    const { name, quantity, plan } = series;
    for (const { rule, except } of plan.rules) {
      const { condition } = rule;
      if (condition.kind !== 'implausible' || except?.has(name) || except?.has(quantity)) continue;
      const compiled = this.#compile(rule);
      if (condition.quantity !== undefined && compiled.facetOn(series) === undefined) continue;
      series.implausible.push(this.#watch(compiled, quantity, series, take));
    }
  }

  #watch(compiled: CompiledRule, facet: string, series: SeriesPlan, take: Take): HoldWatch {
    const { rule, print, hold } = compiled;
    const judge = compiled.judgeOn(series, series.plan);
    const watch = new HoldWatch({ rule, facet, print, hold, judge, series });
    this.#succession.begin(watch, take(watch));
    return watch;
  }

  #compile(rule: Rule): CompiledRule {
    let compiled = this.#compiled.get(rule);
    if (!compiled) {
      compiled = new CompiledRule(rule);
      this.#compiled.set(rule, compiled);
    }
    return compiled;
  }

  #otherDevices(plan: AssetPlan): boolean {
    const devices = this.#directory.devicesOf(plan.asset.id);
    if (plan.devices !== devices) return plan.devices.length > 0 || devices.length > 0;
    // A model that an operator edited may have another heartbeat.
    const models = this.#modelsOf(devices);
    return models.length !== plan.models.length || models.some((model, i) => model !== plan.models[i]);
  }

  #otherRules(plan: AssetPlan): boolean {
    const rules = this.#ruleSet.of(plan.asset, this.#rules);
    return rules.length !== plan.rules.length || rules.some((rule, i) => !isSame(rule, plan.rules[i]));
  }
}

function isSame(a: AppliedRule, b: AppliedRule | undefined): boolean {
  if (a.rule !== b?.rule) return false;
  return [...(a.except ?? [])].join() === [...(b.except ?? [])].join();
}

function* watchesOf(plan: AssetPlan): Iterable<Watch> {
  yield* plan.absences;
  for (const series of plan.series.values()) {
    yield* series.holds;
    yield* series.implausible;
  }
}
