/** The free key-value pairs of a device in OS2iot, and what of them is a typed attribute here. */
import type { AttributeValue } from '../../model/asset.ts';
import type { AssetType, AttributeDefinition } from '../../model/catalogue.ts';

/** What operators wrote for the elevations that decoders compute with, as in the DVR90 decoders they share. */
const ALIASES: Readonly<Record<string, string>> = {
  sensorkote: 'sensorElevation',
  sensorkote_dvr90: 'sensorElevation',
  bundkote: 'bottomElevation',
  bundkote_dvr90: 'bottomElevation',
  terrænkote: 'terrainElevation',
  terraenkote: 'terrainElevation',
  terrænkote_dvr90: 'terrainElevation',
};

/** As decoders of OS2iot spell them, by our attribute. */
const SPELLED: Readonly<Record<string, readonly string[]>> = {
  sensorElevation: ['sensorkote_DVR90', 'sensorkote'],
  bottomElevation: ['bundkote_DVR90', 'bundkote'],
  terrainElevation: ['terrænkote_DVR90', 'terrænkote'],
};

/** Attributes as texts, under our names and under those that decoders of OS2iot look for in a device's metadata. */
export function withOs2iotNames(texts: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(texts).flatMap(([name, text]) => (SPELLED[name] ?? []).map((key) => [key, text]));
  return { ...Object.fromEntries(named), ...texts };
}

export interface KnownMetadata {
  attributes: Record<string, AttributeValue>;
  /** Keys that say nothing here: told to whoever imports, never their values, which may be personal data. */
  left: string[];
}

/** OS2iot keeps an object, and some versions answer it as text. */
export function metadataOf(metadata: unknown, type: AssetType): KnownMetadata {
  const attributes: Record<string, AttributeValue> = {};
  const left: string[] = [];
  for (const [key, value] of Object.entries(asObject(metadata))) {
    const name = ALIASES[key.toLowerCase()] ?? key;
    const definition = type.attributes.find((a) => a.name === name);
    const read = definition && readAs(definition, value);
    if (read === undefined) left.push(key.slice(0, 100));
    else attributes[name] = read;
  }
  return { attributes, left };
}

function asObject(metadata: unknown): Record<string, unknown> {
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata))
    return metadata as Record<string, unknown>; // just checked
  if (typeof metadata !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(metadata);
    return typeof parsed === 'string' ? {} : asObject(parsed);
  } catch {
    return {};
  }
}

function readAs({ kind, choices }: AttributeDefinition, value: unknown): AttributeValue | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (kind === 'number') {
    // A decimal comma, as Danes write it.
    const number = Number(text.replace(/^(-?\d+),(\d+)$/, '$1.$2'));
    return text !== '' && Number.isFinite(number) ? number : undefined;
  }
  if (kind === 'text' && text !== '') return text.slice(0, 1000);
  return kind === 'choice' && choices?.includes(text) ? text : undefined;
}
