/** All payload formats. A new one is one file in formats/ and one line here; device models name it. */
import type { Format } from './format.ts';
import { json } from './formats/json.ts';

const all: readonly Format[] = [json];

const formatOf = new Map(all.map((f) => [f.name, f]));

export function format(name: string): Format | undefined {
  return formatOf.get(name);
}
