/** A fault the API names by its place, as people read it: an example by its number, what came out and what was expected. */
import type { FieldFault } from './api.ts';

interface Words {
  example(n: string): string;
  foundNotExpected(found: string, expected: string): string;
  nothingFound: string;
}

export function faultText({ pointer, detail }: FieldFault, words: Words): string {
  const [, index, rest = ''] = /^\/examples\/(\d+)\/(.*)$/.exec(pointer) ?? [];
  if (index === undefined) return `${pointer}: ${detail}`;
  const example = words.example(String(Number(index) + 1));
  const place = rest
    .replace(/^(expected|bytesHex)\/?/, '')
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
  const [, found, expected] = /^(.+), not (.+)$/s.exec(detail) ?? [];
  const name = (text: string) => (text === 'nothing' ? words.nothingFound : text);
  const what =
    found !== undefined && expected !== undefined ? words.foundNotExpected(name(found), name(expected)) : detail;
  return `${[example, place].filter((part) => part !== '').join(', ')}: ${what}`;
}
