/** The chosen language. Adding one is a file beside da.ts and a line in CATALOGUES. */
import { type Catalogue, da } from './da.ts';
import { en } from './en.ts';

const CATALOGUES = { da, en };
export type Language = keyof typeof CATALOGUES;
export const LANGUAGES = Object.keys(CATALOGUES) as Language[];

const LOCALES: Record<Language, string> = { da: 'da-DK', en: 'en-GB' };
const stored = localStorage.getItem('language');
const chosen = $state({ language: (stored === 'en' ? 'en' : 'da') as Language });

export function language(): Language {
  return chosen.language;
}

export function locale(): string {
  return LOCALES[chosen.language];
}

export function setLanguage(to: Language): void {
  chosen.language = to;
  localStorage.setItem('language', to);
  document.documentElement.lang = to;
}

export function t(): Catalogue {
  return CATALOGUES[chosen.language];
}

/** The text of the chosen language of what the API gives in both. */
export function pick(text: { da: string; en: string } | undefined): string {
  return text?.[chosen.language] ?? '';
}

document.documentElement.lang = chosen.language;
