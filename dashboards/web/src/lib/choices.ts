/** What a filter offers: each once, in Danish order of what people read. */
export interface Choice {
  id: string;
  text: string;
}

const collator = new Intl.Collator('da');

export function choices(ids: Iterable<string>, text: (id: string) => string): Choice[] {
  const all = [...new Set(ids)].map((id) => ({ id, text: text(id) }));
  return all.sort((a, b) => collator.compare(a.text, b.text));
}
