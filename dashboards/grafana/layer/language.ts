/** Two languages from one source: every text is written once in each. */
import type { Text } from '../../../services/model/rule.ts';

export type { Text };
export const LANGUAGES = ['da', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** With a capital, as the name of a column or panel. */
export function heading(text: string): string {
  return text.charAt(0).toLocaleUpperCase('da') + text.slice(1);
}
