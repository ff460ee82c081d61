/** Frames as people paste them: one a line, its port and its bytes as hex, with whatever separators they came with. */

export interface PastedFrame {
  /** Of the text, from 1. */
  line: number;
  text: string;
  /** `undefined`: the line could not be read. */
  frame?: { fPort: number; bytesHex: string };
}

/** LoRaWAN's largest payload (Regional Parameters RP002, 242 bytes at DR 7) has room in it. */
const MOST_BYTES = 256;
const DEFAULT_PORT = 1;

/** `0x03, 67 ee:01-00` → `0367ee0100`; `undefined` when it is no whole number of bytes. */
export function readHex(text: string): string | undefined {
  const hex = text
    .replace(/0x/gi, '')
    .replace(/[\s,;:_-]+/g, '')
    .toLowerCase();
  return /^([0-9a-f]{2})+$/.test(hex) && hex.length <= 2 * MOST_BYTES ? hex : undefined;
}

/**
 * `85 0367ee00` and `85: 03 67 ee 00` have a port; without one it is 1. Bytes apart from each other all through have none,
 * for nobody could tell the port from a byte. Empty lines and what stands behind `#` are left out.
 */
export function readFrames(text: string): PastedFrame[] {
  return text.split(/\r?\n/).flatMap((raw, i): PastedFrame[] => {
    const line = raw.replace(/#.*$/, '').trim();
    if (line === '') return [];
    const [, port, rest = ''] =
      /^(\d{1,3})\s*[:;\t]\s*(\S.*)$/.exec(line) ?? /^([1-9]\d{0,2}|0)\s+(\S+)$/.exec(line) ?? [];
    const fPort = port === undefined ? DEFAULT_PORT : Number(port);
    const bytesHex = readHex(port === undefined ? line : rest);
    const entry = { line: i + 1, text: line };
    return [bytesHex === undefined || fPort > 255 ? entry : { ...entry, frame: { fPort, bytesHex } }];
  });
}
