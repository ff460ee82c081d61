/** What a screen reader is told of by itself: the newest, politely, at most every ten seconds. */

const EVERY_MS = 10_000;
const said = $state({ text: '' });
let waiting: string | undefined;
let quietUntil = 0;

export function announcement(): string {
  return said.text;
}

export function announce(text: string): void {
  if (waiting === undefined) setTimeout(say, Math.max(0, quietUntil - Date.now()));
  waiting = text;
}

function say(): void {
  said.text = waiting ?? '';
  waiting = undefined;
  quietUntil = Date.now() + EVERY_MS;
}
