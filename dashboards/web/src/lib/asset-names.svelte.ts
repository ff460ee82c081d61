/** Names of assets by id, asked for once each, many at a time: an alert knows the id alone. */
import { SvelteMap } from 'svelte/reactivity';
import { api } from './api.ts';

/** The API takes a list of ids of this length. */
const MOST_CHARACTERS = 480;
const names = new SvelteMap<string, string>();
const asked = new Set<string>();

export function assetName(id: string): string {
  return names.get(id) ?? id;
}

export function rememberNames(assets: readonly { id: string; name: string }[]): void {
  for (const { id, name } of assets) if (names.get(id) !== name) names.set(id, name);
}

/** Names that cannot be had stay ids. */
export async function askNames(ids: Iterable<string>): Promise<void> {
  const missing = [...new Set(ids)].filter((id) => !names.has(id) && !asked.has(id));
  for (const id of missing) asked.add(id);
  await Promise.all(
    inParts(missing).map(async (part) => {
      try {
        rememberNames((await api.assetsOf(part)).items);
      } catch {
        for (const id of part) asked.delete(id);
      }
    }),
  );
}

function inParts(ids: readonly string[]): string[][] {
  const parts: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const id of ids) {
    if (length + id.length + 1 > MOST_CHARACTERS) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(id);
    length += id.length + 1;
  }
  return parts;
}
