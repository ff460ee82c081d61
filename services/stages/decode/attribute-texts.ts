/** The attributes of an asset as they were at a time, as texts: what codecs get as variables. */
import type { Asset } from '../../model/asset.ts';

export function attributeTexts({ attributes }: Pick<Asset, 'attributes'>, time: number): Record<string, string> {
  const texts: [string, string][] = [];
  for (const [name, values] of Object.entries(attributes)) {
    const dated = values.findLast((v) => v.from <= time);
    if (dated) texts.push([name, Array.isArray(dated.value) ? dated.value.join(',') : String(dated.value)]);
  }
  return Object.fromEntries(texts);
}
