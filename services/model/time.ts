/** Times are epoch milliseconds inside, RFC 3339 outside: with a zone on the way in, UTC with milliseconds on the way out. */

// RFC 3339 section 5.6 date-time; a zone is required, so that no server's local time ever leaks into a reading.
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Epoch milliseconds, or `undefined` when the text is not an RFC 3339 time with a zone or the day does not exist. */
export function parseTime(text: string): number | undefined {
  if (!RFC3339.test(text)) return undefined;
  const day = Number(text.slice(8, 10));
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  if (day > lastDay) return undefined; // Date.parse turns 30 February into 1 March
  const time = Date.parse(text.toUpperCase().replace(' ', 'T'));
  return Number.isNaN(time) ? undefined : time;
}

export function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}
