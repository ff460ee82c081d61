/** Why something was not saved, in the language of the page. */
import { t } from '../i18n/language.svelte.ts';
import { ApiError } from './api.ts';
import { faultText } from './fault-text.ts';

export function saveProblem(error: unknown): string {
  const code = error instanceof ApiError ? error.code : '';
  return t().saveProblems[code] ?? t().notSaved;
}

/** What else the API says is wrong, field by field: its own words are English, whatever the page. */
export function faultsOf(error: unknown): string[] {
  if (!(error instanceof ApiError)) return [];
  if (error.errors.length > 0) return error.errors.map((fault) => faultText(fault, t()));
  return error.status === 400 || error.status === 422 ? [error.message] : [];
}
