import { expect, test } from 'vitest';
import { exampleText, readExample } from './codec-form.ts';

const EXAMPLE = { bytesHex: '0367fa00', fPort: 85, expected: { temperature: 25 }, recvTime: '2026-01-01T00:00:00Z' };

test('an example is typed and read back the same, with what the form does not show', () => {
  expect(readExample(exampleText(EXAMPLE))).toEqual(EXAMPLE);
});

test('each field that is wrong is named', () => {
  const text = exampleText(EXAMPLE);
  expect(readExample({ ...text, hex: '036' })).toEqual(['hex']);
  expect(readExample({ ...text, port: '256', expected: '{' })).toEqual(['port', 'expected']);
  expect(readExample({ ...text, port: '', hex: '' })).toEqual(['hex', 'port']);
});
