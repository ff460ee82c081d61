/** What the process says on standard error when it ends: one line for what an operator can mend, everything for a bug. */
import { inspect } from 'node:util';

/** Of Node.js: a mistaken argument, a port that is taken or not ours to open, a file that is not ours to touch. */
const MENDABLE = /^(ERR_PARSE_ARGS_|EADDR|EACCES)/;
/** Between threads a cause keeps its words and loses its code. */
const MENDABLE_WORDS = /\b(EADDRINUSE|EACCES): /;

/** Judged by what survives the way between threads (engines/remote.ts): name, message and code, never the class. */
export function failureText(error: unknown): string {
  const chain = [...causesOf(error)];
  const setting = chain.find(({ name, message }) => name === 'ConfigError' || message.startsWith('SANSEVAERK_'));
  if (setting) return oneLine(setting.message);
  const outside = chain.findIndex(isMendable);
  if (outside < 0) return inspect(error);
  const messages = chain.slice(0, outside + 1).map(({ message }) => message);
  // Who wraps often says the cause's words again.
  return oneLine(messages.filter((text, i) => !messages[i - 1]?.includes(text)).join(': '));
}

function isMendable(error: Error): boolean {
  return ('code' in error && MENDABLE.test(String(error.code))) || MENDABLE_WORDS.test(error.message);
}

function* causesOf(error: unknown): Generator<Error> {
  for (let e = error; e instanceof Error; e = e.cause) yield e;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*[\r\n]+\s*/g, ' ');
}
