/** What a decoded message calls its device: decoders of OS2iot answer any JSON, and most of them say it somewhere. */

/** Where to look: the surest first. */
export type NamedBy = 'eui' | 'id' | 'name';
export interface FoundName {
  by: NamedBy;
  value: string;
}

const KEYS: Readonly<Record<string, NamedBy>> = {
  deveui: 'eui',
  deviceeui: 'eui',
  eui: 'eui',
  deviceid: 'id',
  iotdeviceid: 'id',
  sensorid: 'id',
  device: 'id',
  refdevice: 'id',
  name: 'name',
  devicename: 'name',
  sensorname: 'name',
  id: 'name',
};
const ORDER: readonly NamedBy[] = ['eui', 'id', 'name'];
const MOST_MEMBERS = 1000;
const DEEPEST = 5;

/** The surest first; at most a few, whatever the message. */
export function namesIn(message: unknown): FoundName[] {
  const found: FoundName[] = [];
  let members = 0;
  const walk = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > DEEPEST) return;
    for (const [key, value] of Object.entries(node)) {
      if (members++ > MOST_MEMBERS) return;
      const by = KEYS[key.toLowerCase().replace(/[^a-z]/g, '')];
      const text = by && textOf(value);
      if (by && text !== undefined) found.push({ by, value: by === 'eui' ? text.replace(/[^0-9a-f]/gi, '') : text });
      else walk(value, depth + 1);
    }
  };
  walk(message, 0);
  return found.sort((a, b) => ORDER.indexOf(a.by) - ORDER.indexOf(b.by)).slice(0, 20);
}

/** NGSI-LD names entities urn:ngsi-ld:Type:name, and writes values and relationships as objects. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null) {
    const { value: inner, object } = value as { value?: unknown; object?: unknown };
    return typeof (inner ?? object) === 'string' ? textOf(inner ?? object) : undefined;
  }
  if (typeof value !== 'string' || value === '' || value.length > 200) return undefined;
  return value.replace(/^urn:ngsi-ld:[^:]+:/, '');
}
