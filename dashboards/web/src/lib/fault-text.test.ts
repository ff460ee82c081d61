import { expect, test } from 'vitest';
import { faultText } from './fault-text.ts';

const WORDS = {
  example: (n: string) => `Eksempel ${n}`,
  foundNotExpected: (found: string, expected: string) => `blev ${found}, forventet ${expected}`,
  nothingFound: 'intet',
};

test.each([
  ['/examples/0/expected/t', '1, not 10', 'Eksempel 1, t: blev 1, forventet 10'],
  ['/examples/2/expected/now/co2', 'nothing, not 5', 'Eksempel 3, now/co2: blev intet, forventet 5'],
  ['/examples/1/expected', 'the script was stopped', 'Eksempel 2: the script was stopped'],
  ['/examples/1/bytesHex', 'the frame is empty', 'Eksempel 2: the frame is empty'],
  ['/mapping/a~1b/quantity', 'there is no quantity "x"', '/mapping/a~1b/quantity: there is no quantity "x"'],
])('%s: %s', (pointer, detail, text) => expect(faultText({ pointer, detail }, WORDS)).toBe(text));
