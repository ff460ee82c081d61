/** Which rules apply to an asset: the built-in ones of its type, the common ones, and those of the organisations. */
import type { Asset } from '../../model/asset.ts';
import type { DefaultRule } from '../../model/catalogue.ts';
import type { Rule, RuleScope } from '../../model/rule.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { commonRules } from '../catalogue/common-rules.ts';
import { datedValues } from './limits.ts';

/** A rule, and for which quantities another one stands in for it (only of an `implausible` rule). */
export interface AppliedRule {
  rule: Rule;
  except?: ReadonlySet<string>;
}

/** Rules that ship, as rules: `builtin.{type}.{id}`, and `builtin.common.{id}` for those every asset has. */
export class RuleSet {
  readonly builtin: readonly Rule[];
  #catalogue: Catalogue;
  #ofType = new Map<string, Rule[]>();
  #common: Rule[];
  /** Id of a built-in rule → id of the one it replaces. */
  #replaces = new Map<string, string>();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
    this.#common = commonRules.map((r) => builtinRule('common', r));
    for (const type of catalogue.assetTypes) {
      const rules = type.rules.map((r) => builtinRule(type.id, r));
      this.#ofType.set(type.id, rules);
      for (const [i, { replaces }] of type.rules.entries()) {
        if (!replaces) continue;
        const owner = type.rules.some((r) => r.id === replaces) ? type.id : 'common';
        this.#replaces.set(rules[i]!.id, `builtin.${owner}.${replaces}`); // one rule made of each
      }
    }
    this.builtin = [...this.#common, ...[...this.#ofType.values()].flat()];
  }

  /**
   * Enabled rules only. A rule of the registry with the id of a built-in one replaces it for the assets of its owner
   * (for all, where it has none); replaced and not enabled, it is off.
   */
  of(asset: Asset, registered: Iterable<Rule>): AppliedRule[] {
    const found = new Map<string, Rule>();
    for (const rule of [...this.#common, ...(this.#ofType.get(asset.type) ?? [])]) found.set(rule.id, rule);
    for (const rule of registered) {
      // The wall: an organisation's rule reaches what it owns or operates, whatever its scope leaves open.
      if (rule.owner !== '' && rule.owner !== asset.owner && rule.owner !== asset.operator) continue;
      const mine = rule.owner === '' || rule.owner === asset.owner;
      if (found.has(rule.id) && !mine) continue;
      found.set(rule.id, rule);
    }
    // One that is turned off still stands in for the one it replaces: off is off.
    const inScope = [...found.values()].filter((r) => this.#inScope(r.appliesTo, asset));
    return this.#withoutReplaced(inScope).filter(({ rule }) => rule.enabled);
  }

  #inScope(scope: RuleScope, asset: Asset): boolean {
    if (scope.owner !== undefined && scope.owner !== asset.owner) return false;
    if (scope.type !== undefined && scope.type !== asset.type) return false;
    if (scope.asset !== undefined && scope.asset !== asset.id) return false;
    if (scope.tag !== undefined && !asset.tags.includes(scope.tag)) return false;
    const source = { asset, assetType: this.#catalogue.assetType(asset.type), models: [] };
    return Object.entries(scope.attributes ?? {}).every(([name, allowed]) => {
      // The newest value: a scope says whom a rule is for now, not whom it was for.
      const value = datedValues(source, name).at(-1)?.value;
      if (Array.isArray(value)) return value.some((v) => allowed.includes(v));
      return value !== undefined && allowed.includes(String(value));
    });
  }

  #withoutReplaced(rules: readonly Rule[]): AppliedRule[] {
    const except = new Map<string, Set<string> | 'all'>();
    for (const { id, condition } of rules) {
      const common = this.#replaces.get(id);
      if (!common) continue;
      if (condition.kind !== 'implausible' || condition.quantity === undefined) except.set(common, 'all');
      else {
        const quantities = except.get(common) ?? new Set();
        if (quantities !== 'all') except.set(common, quantities.add(condition.quantity));
      }
    }
    return rules
      .filter((rule) => except.get(rule.id) !== 'all')
      .map((rule) => {
        const quantities = except.get(rule.id);
        return quantities && quantities !== 'all' ? { rule, except: quantities } : { rule };
      });
  }
}

function builtinRule(type: string, { id, attributes, replaces: _, ...body }: DefaultRule): Rule {
  const appliesTo = { ...(type === 'common' ? {} : { type }), ...(attributes ? { attributes } : {}) };
  return { ...body, id: `builtin.${type}.${id}`, owner: '', version: 1, enabled: true, appliesTo };
}
