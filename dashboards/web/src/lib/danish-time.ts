/** A time as it is typed into a field is Danish time, wherever the browser is. */
import { ZONE } from './format.ts';

const parts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: ZONE,
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** How far Danish time is ahead of UTC then, ms. */
function ahead(time: number): number {
  return Date.parse(`${parts.format(time).replace(' ', 'T')}Z`) - time;
}

/** `2026-11-23T12:00` → epoch ms; NaN when it is no time. Of the hour that comes twice, the first. */
export function readDanishTime(text: string): number {
  const asUtc = Date.parse(`${text}${text.length === 16 ? ':00' : ''}Z`);
  if (Number.isNaN(asUtc)) return Number.NaN;
  // Ahead by one hour or two, so one of the two guesses is right; in the hour that is left out both are an hour off.
  const early = asUtc - 2 * 3_600_000;
  return ahead(early) === 2 * 3_600_000 ? early : asUtc - 3_600_000;
}
