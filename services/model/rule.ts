/** A rule: a condition on readings, for whom it applies, and what is said when it becomes true. */
import Type, { type Static } from 'typebox';
import { Condition } from './condition.ts';
import { Id } from './ids.ts';

export const SEVERITIES = ['critical', 'high', 'low', 'info'] as const;
export const Severity = Type.Enum([...SEVERITIES]);
export type Severity = (typeof SEVERITIES)[number];

/** Functions, never persons: vagt, drift, entreprenør, sensor, beredskab, liste. */
const RECIPIENTS = ['duty', 'operations', 'contractor', 'sensor', 'emergency', 'worklist'] as const;

export const Text = Type.Object(
  { da: Type.String({ maxLength: 500 }), en: Type.String({ maxLength: 500 }) },
  { additionalProperties: false },
);
export type Text = Static<typeof Text>;

/** A rule applies to the assets that fit every member given. */
export const RuleScope = Type.Object(
  {
    owner: Type.Optional(Id),
    type: Type.Optional(Id),
    tag: Type.Optional(Type.String({ maxLength: 64 })),
    asset: Type.Optional(Id),
    /** Asset attributes that must have one of these values: `{category: ["A", "B"]}`. */
    attributes: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
  },
  { additionalProperties: false },
);
export type RuleScope = Static<typeof RuleScope>;

export const RuleBody = Type.Object(
  {
    name: Text,
    appliesTo: RuleScope,
    condition: Condition,
    severity: Severity,
    /** An alarm asks for a reaction; a worklist entry is work that wakes nobody. */
    outcome: Type.Enum(['alarm', 'worklist']),
    to: Type.Array(Type.Enum([...RECIPIENTS])),
    /** What it says, with {placeholders}: name, value, limit, duration, time, … See knowledge/conditions/sentence.ts. */
    sentence: Text,
    enabled: Type.Boolean({ default: true }),
    /** Also notify about an episode that began and ended within one backlog. */
    notifyPast: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type RuleBody = Static<typeof RuleBody>;

export interface Rule extends RuleBody {
  id: string;
  /** Organisation that owns the rule; empty for the built-in rules of an asset type. */
  owner: string;
  /** One more for each edit. */
  version: number;
}
