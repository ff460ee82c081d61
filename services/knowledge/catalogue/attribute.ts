/** Short ways to write the typed attributes of an asset type. */
import type { AttributeDefinition } from '../../model/catalogue.ts';

type More = Partial<Pick<AttributeDefinition, 'default' | 'private'>>;

export function number(name: string, da: string, en: string, unit: string, more: More = {}): AttributeDefinition {
  return { name, label: { da, en }, kind: 'number', ...(unit ? { unit } : {}), ...more };
}

export function text(name: string, da: string, en: string, more: More = {}): AttributeDefinition {
  return { name, label: { da, en }, kind: 'text', ...more };
}

export function choice(
  name: string,
  da: string,
  en: string,
  choices: readonly string[],
  more: More = {},
): AttributeDefinition {
  return { name, label: { da, en }, kind: 'choice', choices, ...more };
}

/** Any number of texts, of these where `choices` are given. */
export function list(name: string, da: string, en: string, choices?: readonly string[]): AttributeDefinition {
  return { name, label: { da, en }, kind: 'list', ...(choices ? { choices } : {}) };
}

export function flag(name: string, da: string, en: string): AttributeDefinition {
  return { name, label: { da, en }, kind: 'boolean' };
}

export function date(name: string, da: string, en: string): AttributeDefinition {
  return { name, label: { da, en }, kind: 'date' };
}

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
