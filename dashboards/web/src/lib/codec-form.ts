/** Examples of a codec as they are typed, and back. */
import { readHex } from './frames.ts';
import type { CodecExample } from './sensors-api.ts';

export interface ExampleText {
  /** Its own as long as the form is open. */
  key: number;
  hex: string;
  port: string;
  /** JSON. */
  expected: string;
  /** What the form does not show is kept. */
  rest: Pick<CodecExample, 'recvTime' | 'variables'>;
}

let keys = 0;

export function exampleText({ bytesHex, fPort, expected, ...rest }: CodecExample): ExampleText {
  return { key: keys++, hex: bytesHex, port: String(fPort), expected: JSON.stringify(expected, undefined, 2), rest };
}

export type ExampleFault = 'hex' | 'port' | 'expected';

/** The example, or which of its fields are wrong. */
export function readExample({ hex, port, expected, rest }: ExampleText): CodecExample | ExampleFault[] {
  const faults: ExampleFault[] = [];
  const bytesHex = readHex(hex);
  if (bytesHex === undefined) faults.push('hex');
  const fPort = /^\d{1,3}$/.test(port.trim()) ? Number(port) : 256;
  if (fPort > 255) faults.push('port');
  let wanted: unknown;
  try {
    wanted = JSON.parse(expected);
  } catch {
    faults.push('expected');
  }
  return bytesHex === undefined || faults.length > 0 ? faults : { bytesHex, fPort, expected: wanted, ...rest };
}
