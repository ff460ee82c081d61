/**
 * Splits InfluxQL into tokens as InfluxDB's own scanner does, and joins them again. What it does not know it refuses, so that
 * nothing reaches InfluxDB that was read differently here. Grammar: docs.influxdata.com/influxdb/v1/query_language/spec/.
 */
import { Refused } from './refused.ts';

export interface Token {
  kind: 'word' | 'name' | 'text' | 'regex' | 'number' | 'sign';
  text: string;
}

const SPACE = /[ \t\r\n]+/y;
// Escapes are those of the scanner's ScanString: anything else it would call an error.
const NAME = /"(?:\\[n\\'"]|[^"\\\n])*"/y;
const TEXT = /'(?:\\[n\\'"]|[^'\\\n])*'/y;
// A backslash escapes nothing but the slash (ScanDelimited with escapesPassThru).
const REGEX = /\/(?:\\\/|\\(?!\/)|[^/\\\n])*\//y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /\d+(?:\.\d+)?(?:(?:ns|us|u|µ|ms|s|m|h|d|w)(?:\d+(?:ns|us|u|µ|ms|s|m|h|d|w))*)?/y;
const SIGN = /=~|!~|!=|<>|<=|>=|[=<>(),;*+\-/%]/y;

/** @throws Refused for what no query of a dashboard needs: comments, casts, `db.rp.measurement`, stray characters. */
export function tokens(query: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const text = pattern.exec(query)?.[0];
    if (text !== undefined) at += text.length;
    return text;
  };
  while (at < query.length) {
    if (take(SPACE) !== undefined) continue;
    if (query.startsWith('--', at) || query.startsWith('/*', at)) throw new Refused(400, 'comments are not passed on');
    const kind = nextKind(query[at] ?? '', found.at(-1));
    const text = take({ word: WORD, name: NAME, text: TEXT, regex: REGEX, number: NUMBER, sign: SIGN }[kind]);
    if (text === undefined) throw new Refused(400, `cannot read the query at: ${query.slice(at, at + 20)}`);
    found.push({ kind, text });
  }
  return found;
}

function nextKind(char: string, before: Token | undefined): Token['kind'] {
  if (char === '"') return 'name';
  if (char === "'") return 'text';
  if (/[A-Za-z_]/.test(char)) return 'word';
  if (/\d/.test(char)) return 'number';
  if (char !== '/') return 'sign';
  // Where InfluxDB's parser looks for a regular expression; anywhere else its scanner reads a division.
  const regex = ['=~', '!~', ',', '('].includes(before?.text ?? '') || isKeyword(before, 'FROM', 'BY', 'SELECT');
  return regex ? 'regex' : 'sign';
}

export function isKeyword(token: Token | undefined, ...keywords: readonly string[]): boolean {
  return token?.kind === 'word' && keywords.includes(token.text.toUpperCase());
}

/** A function and its bracket must touch: with a space between, InfluxQL reads a field. */
export function join(list: readonly Token[]): string {
  return list.map(({ text }, i) => (i === 0 || text === '(' ? text : ` ${text}`)).join('');
}
