/** Things people search for by name in a field with suggestions: `Milesight EM300-TH (milesight-em300-th)`. */

export interface Named {
  id: string;
  name: string;
}

export function nameWithId({ id, name }: Named): string {
  return name === id || name === '' ? id : `${name} (${id})`;
}

/** The id that what was typed stands for: a suggestion, an id, or the whole of a name that only one has. */
export function idOf(text: string, all: readonly Named[]): string | undefined {
  const typed = text.trim();
  const exact = all.find((n) => n.id === typed || nameWithId(n) === typed);
  if (exact) return exact.id;
  const byName = all.filter((n) => n.name.toLocaleLowerCase('da') === typed.toLocaleLowerCase('da'));
  return byName.length === 1 ? byName[0]?.id : undefined;
}
