/** Typed, dated attributes of an asset: from what people write to what is stored, and back. */
import type { Static } from 'typebox';
import type { Attribute, AttributeValue, DatedValue } from '../../model/asset.ts';
import type { AssetType, AttributeDefinition } from '../../model/catalogue.ts';
import { formatTime, parseTime } from '../../model/time.ts';
import type { FieldError } from './problems.ts';

type Given = Static<typeof Attribute>;

/** Checks each attribute against its definition; `errors` says what does not fit, with pointers into the body. */
export function readAttributes(
  given: Readonly<Record<string, Given>>,
  type: AssetType,
): { attributes: Record<string, DatedValue[]>; errors: FieldError[] } {
  const attributes: Record<string, DatedValue[]> = {};
  const errors: FieldError[] = [];
  for (const [name, value] of Object.entries(given)) {
    const definition = type.attributes.find((a) => a.name === name);
    const pointer = `/attributes/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!definition) {
      const known = type.attributes.map((a) => a.name).join(', ');
      errors.push({ pointer, detail: `is not an attribute of ${type.id}, which has ${known}` });
      continue;
    }
    const dated = readDated(value, definition, pointer, errors);
    if (dated) attributes[name] = dated;
  }
  return { attributes, errors };
}

function readDated(
  given: Given,
  definition: AttributeDefinition,
  pointer: string,
  errors: FieldError[],
): DatedValue[] | undefined {
  const before = errors.length;
  if (!isDated(given)) {
    const wrong = misfit(given, definition);
    if (wrong) errors.push({ pointer, detail: wrong });
    return wrong ? undefined : [{ from: 0, value: given }];
  }
  const values = given.map(({ from, value }, i): DatedValue => {
    const wrong = misfit(value, definition);
    if (wrong) errors.push({ pointer: `${pointer}/${i}/value`, detail: wrong });
    const time = from === null ? 0 : parseTime(from);
    if (time === undefined)
      errors.push({ pointer: `${pointer}/${i}/from`, detail: 'must be a time with a zone, or null for "since ever"' });
    return { from: time ?? 0, value };
  });
  values.sort((a, b) => a.from - b.from);
  if (values.some((v, i) => i > 0 && values[i - 1]?.from === v.from))
    errors.push({ pointer, detail: 'has two values that begin at the same time' });
  return errors.length > before ? undefined : values;
}

function isDated(given: Given): given is { from: string | null; value: AttributeValue }[] {
  return Array.isArray(given) && given.some((item) => typeof item === 'object');
}

/** What is wrong with a value, in words; `undefined` when it fits. */
function misfit(value: AttributeValue, definition: AttributeDefinition): string | undefined {
  const { kind, choices, unit } = definition;
  switch (kind) {
    case 'number':
      return typeof value === 'number' ? undefined : `must be a number${unit ? ` in ${unit}` : ''}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'text':
      return typeof value === 'string' ? undefined : 'must be text';
    case 'date':
      return typeof value === 'string' && isDate(value) ? undefined : 'must be a date like 2026-11-23';
    case 'choice':
      return typeof value === 'string' && (choices ?? [value]).includes(value)
        ? undefined
        : `must be one of ${(choices ?? []).join(', ')}`;
    case 'list':
      if (!Array.isArray(value)) return 'must be a list of texts';
      return value.every((item) => !choices || choices.includes(item))
        ? undefined
        : `may hold only ${(choices ?? []).join(', ')}`;
  }
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && parseTime(`${text}T00:00:00Z`) !== undefined;
}

/** As people wrote it: a single value valid since ever stands alone. */
export function showAttributes(attributes: Readonly<Record<string, DatedValue[]>>): Record<string, Given> {
  return Object.fromEntries(Object.entries(attributes).map(([name, values]) => [name, showDated(values)]));
}

function showDated(values: DatedValue[]): Given {
  const [only] = values;
  if (values.length === 1 && only?.from === 0) return only.value;
  return values.map(({ from, value }) => ({ from: from === 0 ? null : formatTime(from), value }));
}

/**
 * From when on derived values of the asset are no longer what its attributes say: the earliest time at which an
 * attribute that a derived quantity of the type uses has another value than before. `undefined` when none has.
 */
export function derivedChangedFrom(
  type: AssetType,
  before: Readonly<Record<string, DatedValue[]>>,
  after: Readonly<Record<string, DatedValue[]>>,
): number | undefined {
  const used = new Set(type.derived.flatMap((d) => d.attributes));
  let earliest: number | undefined;
  for (const name of used) {
    const from = firstDifference(before[name] ?? [], after[name] ?? []);
    if (from !== undefined) earliest = Math.min(earliest ?? Infinity, from);
  }
  return earliest;
}

function firstDifference(a: readonly DatedValue[], b: readonly DatedValue[]): number | undefined {
  const times = [...a, ...b].map((v) => v.from).sort((x, y) => x - y);
  return times.find((time) => JSON.stringify(valueAt(a, time)) !== JSON.stringify(valueAt(b, time)));
}

function valueAt(values: readonly DatedValue[], time: number): AttributeValue | undefined {
  return values.findLast((v) => v.from <= time)?.value;
}
