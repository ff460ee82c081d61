/**
 * Narrows InfluxQL to one organisation: each FROM that reads a measurement gets `WHERE "owner" = '…' AND (…)`. The query is
 * written anew from its tokens; a statement that is not SELECT or one of a few SHOW is refused. A token of InfluxDB reads a
 * whole bucket, so this is where the wall stands.
 */
import { isKeyword, join, type Token, tokens } from './influxql-tokens.ts';
import { Refused } from './refused.ts';

const SIZE = 65_536;
const DEPTH = 8;
/** After these words at the same depth the condition is over. */
const TAIL = ['GROUP', 'ORDER', 'LIMIT', 'OFFSET', 'SLIMIT', 'SOFFSET', 'FILL', 'TZ'];
/** Neither in a field, a condition nor a tail: each begins or turns a statement into another. */
const NEVER = [
  ...['INTO', 'SELECT', 'FROM', 'WHERE', 'SHOW', 'DROP', 'DELETE', 'CREATE', 'ALTER'],
  ...['GRANT', 'REVOKE', 'KILL', 'SET', 'EXPLAIN', 'ON'],
];

/** @throws Refused with a sentence for the asker. */
export function filterInfluxql(query: string, owner: string): string {
  if (query.length > SIZE) throw new Refused(413, `a query has at most ${SIZE} characters`);
  const reader = new Reader(tokens(query), owner);
  const statements: string[] = [];
  while (!reader.done()) {
    if (reader.skip(';')) continue;
    statements.push(join(reader.statement()));
  }
  if (statements.length === 0) throw new Refused(400, 'no query');
  return statements.join('; ');
}

class Reader {
  #tokens: readonly Token[];
  #at = 0;
  /** `"owner" = 'x'` as tokens. */
  #mine: readonly Token[];

  constructor(list: readonly Token[], owner: string) {
    this.#tokens = list;
    const escaped = owner.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n');
    this.#mine = [
      { kind: 'name', text: '"owner"' },
      { kind: 'sign', text: '=' },
      { kind: 'text', text: `'${escaped}'` },
    ];
  }

  done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  skip(sign: string): boolean {
    if (this.#tokens[this.#at]?.text !== sign || this.#tokens[this.#at]?.kind !== 'sign') return false;
    this.#at++;
    return true;
  }

  statement(): Token[] {
    const out = isKeyword(this.#peek(), 'SHOW') ? this.#show() : this.#select(0);
    if (!this.done() && this.#peek()?.text !== ';') throw new Refused(400, `unexpected: ${this.#peek()?.text}`);
    return out;
  }

  #select(depth: number): Token[] {
    if (depth > DEPTH) throw new Refused(400, 'too many queries within queries');
    const out = [this.#keyword('SELECT'), ...this.#until('FROM'), this.#keyword('FROM')];
    const reads = new Set<'measurement' | 'query'>();
    do {
      if (reads.size > 0) out.push(sign(','));
      reads.add(this.#source(out, depth));
    } while (this.skip(','));
    if (reads.size > 1) throw new Refused(400, 'measurements and queries beside each other in FROM');
    return [...out, ...this.#where(reads.has('measurement')), ...this.#until()];
  }

  #source(out: Token[], depth: number): 'measurement' | 'query' {
    if (this.skip('(')) {
      out.push(sign('('), ...this.#select(depth + 1), sign(')'));
      if (!this.skip(')')) throw new Refused(400, 'a bracket is not closed');
      return 'query';
    }
    const token = this.#next();
    if (token.kind !== 'name' && token.kind !== 'regex' && (token.kind !== 'word' || isKeyword(token, ...NEVER)))
      throw new Refused(400, `not a measurement: ${token.text}`);
    out.push(token);
    return 'measurement';
  }

  #where(narrow: boolean): Token[] {
    const given = isKeyword(this.#peek(), 'WHERE');
    if (given) this.#at++;
    const asked = given ? this.#until(...TAIL) : [];
    if (given && asked.length === 0) throw new Refused(400, 'WHERE without a condition');
    if (!narrow) return asked.length > 0 ? [word('WHERE'), ...asked] : [];
    return [word('WHERE'), ...this.#mine, ...(asked.length > 0 ? [word('AND'), sign('('), ...asked, sign(')')] : [])];
  }

  #show(): Token[] {
    const head = [this.#keyword('SHOW'), this.#next()];
    if (!isKeyword(head[1], 'MEASUREMENTS')) head.push(this.#next());
    switch (
      head
        .slice(1)
        .map(({ text }) => text.toUpperCase())
        .join(' ')
    ) {
      case 'RETENTION POLICIES':
        // Of the gateway's own database: another one cannot be named.
        while (!this.done() && this.#peek()?.text !== ';') this.#next();
        return head;
      case 'FIELD KEYS':
        // Names of fields are the same for everybody; InfluxQL takes no condition here.
        return [...head, ...this.#from(), ...this.#until()];
      case 'MEASUREMENTS':
      case 'TAG KEYS':
      case 'TAG VALUES':
        return [...head, ...this.#from(), ...this.#until('WHERE', ...TAIL), ...this.#where(true), ...this.#until()];
      default:
        throw new Refused(
          403,
          'only MEASUREMENTS, TAG KEYS, TAG VALUES, FIELD KEYS and RETENTION POLICIES may be shown',
        );
    }
  }

  #from(): Token[] {
    if (!isKeyword(this.#peek(), 'FROM')) return [];
    const out = [this.#next()];
    if (this.#source(out, DEPTH) !== 'measurement') throw new Refused(400, 'SHOW reads measurements');
    return out;
  }

  /** Tokens up to one of these words, the end, a semicolon or the bracket that closes ours; brackets in between balance. */
  #until(...keywords: readonly string[]): Token[] {
    const out: Token[] = [];
    let depth = 0;
    for (let token = this.#peek(); token; token = this.#peek()) {
      if (token.kind === 'sign' && token.text === ';') break;
      if (depth === 0 && ((token.kind === 'sign' && token.text === ')') || isKeyword(token, ...keywords))) break;
      if (isKeyword(token, ...NEVER)) throw new Refused(403, `${token.text} may not stand there`);
      if (token.kind === 'sign' && token.text === '(') depth++;
      if (token.kind === 'sign' && token.text === ')') depth--;
      out.push(token);
      this.#at++;
    }
    if (depth !== 0) throw new Refused(400, 'a bracket is not closed');
    return out;
  }

  #keyword(name: string): Token {
    const token = this.#next();
    if (!isKeyword(token, name))
      throw new Refused(403, `only SELECT and SHOW are passed on; expected ${name}, not ${token.text}`);
    return token;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (!token) throw new Refused(400, 'the query ends too soon');
    return token;
  }
}

const word = (text: string): Token => ({ kind: 'word', text });
const sign = (text: string): Token => ({ kind: 'sign', text });
