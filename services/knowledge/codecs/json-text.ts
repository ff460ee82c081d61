/** From bytes to a parsed JSON value, with the depth checked before anything is built: a bomb must not reach JSON.parse. */
import { Buffer, isUtf8 } from 'node:buffer';
import { Rejected } from '../../model/errors.ts';

/** Containers within containers; see contract: limits. */
const MAX_DEPTH = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
// '{' and '[' , '}' and ']' differ in one bit.
const OPEN = 0x5b;
const CLOSE = 0x5d;
const CASE_BIT = 0x20;

/**
 * @throws Rejected `too-deep`, or `malformed-json` with what the parser says. A leading byte order mark is ignored, as RFC
 *         8259 section 8.1 allows; of keys that occur twice the last counts.
 */
export function parseJson(payload: Uint8Array): unknown {
  const ascii = checkDepth(payload);
  const bytes = Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  let text: string;
  if (ascii) text = bytes.toString('latin1');
  else if (isUtf8(bytes)) text = bytes.toString('utf8', hasBom(bytes) ? 3 : 0);
  else throw new Rejected('malformed-json', 'the payload is not UTF-8');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // The parser's message quotes the payload, which may be long and full of control characters.
    const what = error instanceof Error ? error.message.slice(0, 120) : 'not JSON';
    throw new Rejected('malformed-json', `the payload is not JSON: ${what.toWellFormed()}`, { cause: error });
  }
}

/** Whether the payload is all ASCII. @throws Rejected `too-deep`. */
function checkDepth(bytes: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  let bits = 0;
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i]!; // i is within the array
    bits |= c;
    if (inString) {
      if (c === QUOTE) inString = false;
      else if (c === BACKSLASH) i++; // An escaped byte above ASCII is no JSON, and the parser says so either way.
    } else if (c === QUOTE) inString = true;
    else if ((c | CASE_BIT) === (OPEN | CASE_BIT)) {
      if (++depth > MAX_DEPTH) throw new Rejected('too-deep', `the payload nests deeper than ${MAX_DEPTH} levels`);
    } else if ((c | CASE_BIT) === (CLOSE | CASE_BIT)) depth--;
  }
  return bits < 0x80;
}

function hasBom(b: Uint8Array): boolean {
  return b[0] === 0xef && b[1] === 0xbb && b[2] === 0xbf;
}
