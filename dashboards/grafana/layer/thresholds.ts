/** Limits drawn on a panel: those of the rules that ship. A limit that is an attribute of each asset has no one number. */
import {
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../../../services/knowledge/catalogue/catalogue.ts';
import { commonRules } from '../../../services/knowledge/catalogue/common-rules.ts';
import type { DefaultRule } from '../../../services/model/catalogue.ts';
import type { Condition } from '../../../services/model/condition.ts';
import type { Text } from './language.ts';
import { COLOUR, GOOD, RANK } from './severity-colours.ts';

interface Limit {
  above: boolean;
  value: number;
  colour: string;
}

/** The rules of the types given, or those every asset has. */
export function rulesFor(types: readonly string[] | 'every'): readonly DefaultRule[] {
  return types === 'every'
    ? commonRules
    : [...types.flatMap((type) => catalogue.assetType(type)?.rules ?? []), ...commonRules];
}

/** The number at which the rule `id` of `type` raises. Throws when there is no such rule, so that no dashboard shows an old limit. */
export function limitOf(type: string, id: string): number {
  const rule = rulesFor([type]).find((r) => r.id === id);
  if (rule?.condition.kind !== 'threshold' || typeof rule.condition.raise.limit !== 'number')
    throw new Error(`no rule ${id} of ${type} with a number for a limit`);
  return rule.condition.raise.limit;
}

/** Grafana's steps for a quantity: `undefined` when no rule that ships names a number for it. */
export function thresholds(types: readonly string[] | 'every', quantity: string): ThresholdsConfigBuilder | undefined {
  const limits = limitsOf(types, quantity);
  if (limits.length === 0) return undefined;
  const above = limits.filter((l) => l.above).sort((a, b) => a.value - b.value);
  const below = limits.filter((l) => !l.above).sort((a, b) => a.value - b.value);
  // From the bottom: the worst of what is too low, then good, then what is too high. A step counts from its value upwards.
  const steps: { value: number | null; color: string }[] = [];
  let bottom: number | null = null;
  for (const limit of below) {
    steps.push({ value: bottom, color: limit.colour });
    bottom = limit.value;
  }
  steps.push({ value: bottom, color: GOOD });
  for (const limit of above) steps.push({ value: limit.value, color: limit.colour });
  // Not JSON.stringify-able as undefined: Grafana wants null for minus infinity.
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps as ThresholdsConfig['steps']);
}

/** The names of the rules whose limit is written on each asset: said in the panel's description. */
export function rulesWithOwnLimit(types: readonly string[] | 'every', quantity: string): Text[] {
  return conditionsOn(types, quantity)
    .filter(({ condition }) => typeof condition.raise.limit !== 'number')
    .map(({ rule }) => rule.name);
}

function limitsOf(types: readonly string[] | 'every', quantity: string): Limit[] {
  const worst = new Map<string, { limit: Limit; rank: number }>();
  for (const { rule, condition } of conditionsOn(types, quantity)) {
    const { op, limit } = condition.raise;
    if (typeof limit !== 'number') continue;
    const above = op === '>' || op === '>=';
    const key = `${above} ${limit}`;
    const rank = RANK[rule.severity];
    if ((worst.get(key)?.rank ?? -1) < rank)
      worst.set(key, { limit: { above, value: limit, colour: COLOUR[rule.severity] }, rank });
  }
  return [...worst.values()].map(({ limit }) => limit);
}

type Threshold = Extract<Condition, { kind: 'threshold' }>;

function conditionsOn(
  types: readonly string[] | 'every',
  quantity: string,
): { rule: DefaultRule; condition: Threshold }[] {
  return rulesFor(types).flatMap((rule) =>
    rule.condition.kind === 'threshold' && rule.condition.quantity === quantity
      ? [{ rule, condition: rule.condition }]
      : [],
  );
}
