/** The numbers of a state quantity as words and colours: from the catalogue, and from the rules that call a state bad. */
import { MappingType, type ValueMap } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../../../services/knowledge/catalogue/catalogue.ts';
import { heading, type Language } from './language.ts';
import { COLOUR, GOOD, RANK } from './severity-colours.ts';
import { rulesFor } from './thresholds.ts';

// Where no rule says what is bad, states are told apart and not judged.
const UNJUDGED = ['semi-dark-blue', 'semi-dark-purple', 'light-blue', 'light-purple', 'gray'];

/** The number of a state. Throws for one the catalogue does not know. */
export function stateNumber(quantity: string, state: string): number {
  const at = catalogue.quantity(quantity)?.states?.findIndex(({ name }) => name === state) ?? -1;
  if (at < 0) throw new Error(`${quantity} has no state ${state}`);
  return at;
}

/** `undefined` when the quantity has no states. */
export function stateMapping(
  types: readonly string[] | 'every',
  quantity: string,
  language: Language,
): ValueMap | undefined {
  const states = catalogue.quantity(quantity)?.states;
  if (!states) return undefined;
  const bad = badStates(types, quantity);
  const options = states.map(({ name, label }, number) => [
    String(number),
    {
      text: heading(label[language]),
      color: bad.size === 0 ? (UNJUDGED[number] ?? 'gray') : (bad.get(name) ?? GOOD),
      index: number,
    },
  ]);
  return { type: MappingType.ValueToText, options: Object.fromEntries(options) as ValueMap['options'] };
}

function badStates(types: readonly string[] | 'every', quantity: string): Map<string, string> {
  const rank = new Map<string, number>();
  const colour = new Map<string, string>();
  for (const { condition, severity } of rulesFor(types)) {
    if (condition.kind !== 'state' || condition.quantity !== quantity) continue;
    for (const state of condition.is) {
      if ((rank.get(state) ?? -1) >= RANK[severity]) continue;
      rank.set(state, RANK[severity]);
      colour.set(state, COLOUR[severity]);
    }
  }
  return colour;
}
