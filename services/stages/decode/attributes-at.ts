/** The numeric attributes of an asset as they were at a time: a value is derived with what held when it was measured. */
import type { Asset, DatedValue } from '../../model/asset.ts';
import type { AssetType } from '../../model/catalogue.ts';

/** `undefined` where one of them had no value then. The object is only good until the next call. */
export type AttributesAt = (time: number) => Readonly<Record<string, number>> | undefined;

/** `undefined` when one of them never has a value. */
export function attributesAt(
  asset: Pick<Asset, 'attributes'>,
  type: AssetType | undefined,
  names: readonly string[],
): AttributesAt | undefined {
  const lists = names.map((name) => ({ name, values: valuesOf(asset, type, name) }));
  if (lists.some(({ values }) => values.length === 0)) return undefined;
  const scratch: Record<string, number> = {};
  if (lists.every(({ values }) => values.length === 1 && values[0]!.from <= 0)) {
    for (const { name, values } of lists) scratch[name] = values[0]!.value as number; // numbers only, see valuesOf
    return () => scratch;
  }
  return (time) => {
    for (const { name, values } of lists) {
      const dated = values.findLast((v) => v.from <= time);
      if (!dated) return undefined;
      scratch[name] = dated.value as number; // numbers only, see valuesOf
    }
    return scratch;
  };
}

function valuesOf(asset: Pick<Asset, 'attributes'>, type: AssetType | undefined, name: string): DatedValue[] {
  const dated = Object.hasOwn(asset.attributes, name) ? asset.attributes[name]! : [];
  const numbers = dated.filter((v) => typeof v.value === 'number');
  if (numbers.length > 0) return numbers;
  const fallback = type?.attributes.find((a) => a.name === name)?.default;
  return typeof fallback === 'number' ? [{ from: 0, value: fallback }] : [];
}
