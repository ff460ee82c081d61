/** CSV in two dialects: for programs (RFC 4180, UTC), and for Danish Excel (semicolon, decimal comma, BOM, local time). */

export interface CsvDialect {
  begin: string;
  separator: string;
  number(value: number): string;
}

export const PROGRAM: CsvDialect = { begin: '', separator: ',', number: String };

export const DANISH: CsvDialect = {
  // Without it Excel reads æøå in another character set.
  begin: '\ufeff',
  separator: ';',
  number: (value) => String(value).replace('.', ','),
};

// A cell that begins so is a formula to a spreadsheet, whoever wrote the name it came from (OWASP: CSV injection).
const FORMULA = /^[=+\-@\t\r]/;

/** Text: quoted where it must be, and never a formula. Numbers go through `dialect.number` and stay numbers. */
export function textCell(text: string, dialect: CsvDialect): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return safe.includes('"') || safe.includes('\n') || safe.includes('\r') || safe.includes(dialect.separator)
    ? `"${safe.replaceAll('"', '""')}"`
    : safe;
}

const HOUR = 3_600_000;
const zoneFormat = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Copenhagen', timeZoneName: 'longOffset' });
let known = { hour: Number.NaN, offset: 0 };

/** `2026-11-23 13:00:00` in Danish time. */
export function danishTime(ms: number): string {
  const hour = Math.floor(ms / HOUR); // the offset changes on the hour only
  if (hour !== known.hour) known = { hour, offset: offsetAt(ms) };
  return new Date(ms + known.offset).toISOString().slice(0, 19).replace('T', ' ');
}

function offsetAt(ms: number): number {
  const name = zoneFormat.formatToParts(ms).find((p) => p.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /([+-])(\d\d):(\d\d)/.exec(name);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -1 : 1) * minutes * 60_000;
}
