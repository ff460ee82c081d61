/** What forms share: reading what people typed. */

/** `1,5` and `1.5`; `undefined` when it is no number. */
export function readNumber(text: string): number | undefined {
  const plain = text.trim().replace(',', '.').replace('−', '-');
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** A number as it is typed: all its digits, with the decimal sign of the language. */
export function typedNumber(value: number | undefined, locale: string): string {
  const text = value === undefined ? '' : String(value);
  return locale.startsWith('da') ? text.replace('.', ',') : text;
}

/** As the API takes ids. */
export function isId(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/.test(text);
}

/** The members that say something: an empty text is left out. */
export function filled<T extends Record<string, string | undefined>>(fields: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== undefined && text.trim() !== '')) as {
    [K in keyof T]?: string;
  };
}
