/** UTF-8 strings of MQTT 3.1.1, as strict as section 1.5.3 allows: what passes here flows on into logs, SQL, CSV and HTML. */
import { isUtf8 } from 'node:buffer';

// [MQTT-1.5.3-1] surrogates (isUtf8 refuses them), [MQTT-1.5.3-2] U+0000; and what the section says a receiver may
// close the connection for: control characters and code points that Unicode says are no characters.
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what we look for
  /[\u0000-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]|[\u{1fffe}\u{1ffff}\u{2fffe}\u{2ffff}\u{3fffe}\u{3ffff}\u{4fffe}\u{4ffff}\u{5fffe}\u{5ffff}\u{6fffe}\u{6ffff}\u{7fffe}\u{7ffff}\u{8fffe}\u{8ffff}\u{9fffe}\u{9ffff}\u{afffe}\u{affff}\u{bfffe}\u{bffff}\u{cfffe}\u{cffff}\u{dfffe}\u{dffff}\u{efffe}\u{effff}\u{ffffe}\u{fffff}\u{10fffe}\u{10ffff}]/u;

/** The text, or `undefined` when the bytes are not a text MQTT allows. */
export function mqttText(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  return FORBIDDEN.test(text) ? undefined : text;
}
