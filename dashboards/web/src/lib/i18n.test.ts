import { describe, expect, test } from 'vitest';
import { da } from '../i18n/da.ts';
import { en } from '../i18n/en.ts';

type Entry = string | ((...args: string[]) => string) | { [name: string]: string };

/** Every text with its path; a function is asked with arguments that can be recognised. */
function texts(catalogue: Record<string, Entry>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, entry] of Object.entries(catalogue)) {
    if (typeof entry === 'string') found.set(name, entry);
    else if (typeof entry === 'function') found.set(name, entry('ARG1', 'ARG2', 'ARG3'));
    else for (const [inner, text] of Object.entries(entry)) found.set(`${name}.${inner}`, text);
  }
  return found;
}
const danish = texts(da);
const english = texts(en);

describe('every text in both languages', () => {
  test('the same entries, in the same order', () => {
    expect([...english.keys()]).toEqual([...danish.keys()]);
  });

  test('none is empty or ends in blanks', () => {
    for (const text of [...danish.values(), ...english.values()]) {
      expect(text).not.toBe('');
      expect(text).toBe(text.trim());
    }
  });

  test('what is filled in is filled in in both', () => {
    const filled = (text: string | undefined) => text?.match(/ARG\d/g)?.sort();
    for (const [name, text] of danish) expect(filled(english.get(name)), name).toEqual(filled(text));
  });

  test('Danish is imperative without "venligst"', () => {
    for (const text of danish.values()) expect(text).not.toMatch(/venligst/i);
  });
});
