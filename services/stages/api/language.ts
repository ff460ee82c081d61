/** The language somebody wants to be answered in. */

/** `header` is Accept-Language. The first of ours that is named; English for programs, which name none. */
export function preferredLanguage(header: string | undefined): 'da' | 'en' {
  for (const range of header?.split(',') ?? []) {
    const primary = range.trim().slice(0, 2).toLowerCase();
    if (primary === 'da' || primary === 'en') return primary;
  }
  return 'en';
}
