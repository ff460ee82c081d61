/** Where the values of a series lie when its asset has changed its type: the measurement is the type. */
import type { SeriesDictionary } from '../dictionary.ts';

/** The types under which values of a series lie. */
export function homesOf(dictionary: SeriesDictionary, series: number): string[] {
  return [...new Set([dictionary.refs[series]!.type, ...dictionary.formerTypes(series)])]; // numbers come from the dictionary
}
