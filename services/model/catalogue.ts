/** The kinds of entry in the catalogue: what may be measured, and on what. The entries are in knowledge/catalogue. */
import type { AttributeValue, Sharing } from './asset.ts';
import type { RuleBody, Text } from './rule.ts';

/** `interval`: an amount in a period, summed. `counter`: ever rising, differenced, resets recognised. */
export type QuantityKind = 'gauge' | 'interval' | 'counter' | 'state';

export interface Quantity {
  name: string;
  label: Text;
  /** UCUM; empty for a state. */
  unit: string;
  kind: QuantityKind;
  /** What a sensor can measure, not what is usual; outside it a value is suspect. */
  range?: readonly [number, number];
  /** Values a little outside the range are moved to its edge: [-10, 110] for a percentage. */
  clampFrom?: readonly [number, number];
  /** Names of the states; the number of a state is its place in this list. */
  states?: readonly { name: string; label: Text }[];
  /** The states that `false` and `true` mean in a payload; without it a boolean is refused. */
  booleans?: readonly [string, string];
  /** A direction: averaged on the circle. */
  circular?: boolean;
  /** Decimals shown. */
  decimals?: number;
  /** Smart Data Models name, and the factor from our unit to theirs. */
  smartDataModel?: { name: string; factor?: number };
  /** Days raw values are kept; default 730. */
  rawDays?: number;
}

export interface AttributeDefinition {
  name: string;
  label: Text;
  kind: 'number' | 'text' | 'choice' | 'list' | 'boolean' | 'date';
  unit?: string;
  choices?: readonly string[];
  default?: AttributeValue;
  /** Never shared outside owner and operator: keys, codes, contacts. */
  private?: boolean;
}

/** A quantity computed from stored raw ones and attributes valid at the time of the value. */
export interface DerivedQuantity {
  quantity: string;
  /** Raw quantity whose arrival triggers it; its channel carries over. */
  from: string;
  attributes: readonly string[];
  /** Where the formula comes from. */
  source: string;
  /** Other quantities of the same message it needs. */
  with?: readonly string[];
  /** `undefined` when it cannot be computed (a missing attribute is never passed in). */
  formula(
    value: number,
    attributes: Readonly<Record<string, number>>,
    others: Readonly<Record<string, number>>,
  ): number | undefined;
}

/** A rule that ships with an asset type. Its id becomes `builtin.{type}.{id}`. */
export type DefaultRule = Omit<RuleBody, 'appliesTo' | 'enabled'> & {
  id: string;
  /** Attribute values it is limited to, as in RuleScope. */
  attributes?: Record<string, string[]>;
  /** Id of the rule (of the type, else a common one) it stands in for where it applies; of an `implausible` rule only for its quantity. */
  replaces?: string;
};

export interface AssetType {
  id: string;
  label: Text;
  /** Quantities expected here; others of the catalogue are accepted too. */
  quantities: readonly string[];
  /** Longest normal silence of its devices, seconds. */
  heartbeat: number;
  /** Life or safety depends on it: silence is serious sooner. */
  safety?: boolean;
  attributes: readonly AttributeDefinition[];
  derived: readonly DerivedQuantity[];
  sharing: Sharing;
  /** Another default where an attribute has one of these values: household bins are personal data. The first that fits. */
  sharingWhere?: readonly { attribute: string; values: readonly string[]; sharing: Sharing }[];
  /** Asset types its parent may have. */
  parent?: readonly string[];
  rules: readonly DefaultRule[];
}

/** Vendor, product, how its messages are read and what its values are called here. */
export interface DeviceModel {
  id: string;
  vendor: string;
  product: string;
  /** Payload format in knowledge/codecs/formats: `json` accepts an object, a batch or SenML. `frame`: bytes for `codec`. */
  format: string;
  /**
   * What reads its frames: the name of one of ours in knowledge/codecs/frames, or `script:{id}` for one that an operator
   * gave. Without it, what a codec at the network server made of the frame is taken (`object`).
   */
  codec?: string;
  /** Seconds; the asset type's where absent. */
  heartbeat?: number;
  /** Our name (and factor from the device's unit) for a key of the payload. Keys that already are ours need no entry. */
  mapping?: Readonly<Record<string, { quantity: string; factor?: number; offset?: number }>>;
  /** Quantities it always sends, where known: lets a second device on one asset be refused at registration. */
  quantities?: readonly string[];
  batteryVoltageLimit?: number;
  /** Frames and what must come of them, after mapping, in our units. Every built-in model has some, and each is a test. */
  examples?: readonly ModelExample[];
}

export interface ModelExample {
  description: string;
  /** 1 where the vendor's document does not say. */
  fPort: number;
  bytesHex: string;
  /** RFC 3339; for frames whose times count from receipt. */
  recvTime?: string;
  /** Readings by time: `now` for those without a time of their own. A state by its name. */
  expected: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
}
