/** Lines of the report of an import: what became of each object of OS2iot, and why. */
import { isFunctionAddress } from '../../knowledge/os2iot/function-address.ts';
import { nameOf, tagOf } from '../../knowledge/os2iot/plan-device.ts';
import type { Application, DataTarget } from '../../knowledge/os2iot/shapes.ts';
import { words } from '../../knowledge/os2iot/words.ts';
import type { AssetType } from '../../model/catalogue.ts';
import { etagOf } from '../../model/etag.ts';
import type { Text } from '../../model/rule.ts';

export const ACTIONS = ['create', 'update', 'same', 'skip', 'refuse'] as const;

export interface Change {
  field: string;
  from?: unknown;
  to?: unknown;
}

export interface ImportItem {
  kind: 'application' | 'decoder' | 'device' | 'gateway' | 'data-target' | 'list';
  os2iotId: string;
  /** Here; of a device also that of its asset, of a decoder also that of its device model. */
  id?: string;
  name: string;
  action: (typeof ACTIONS)[number];
  why?: Text;
  changes: Change[];
  /** What to choose from, in `mapping`. */
  choices?: readonly string[];
  /** What did not come along, or is left to do. */
  notes: Text[];
}

export function item(
  kind: ImportItem['kind'],
  os2iotId: string,
  name: string,
  more: Partial<ImportItem> & Pick<ImportItem, 'action'>,
): ImportItem {
  return { kind, os2iotId, name, changes: [], notes: [], ...more };
}

export function describeApplication(application: Application, type: AssetType | readonly string[]): ImportItem {
  const { id, contactPerson, contactEmail, contactPhone, personalData } = application;
  const shared = contactEmail && isFunctionAddress(contactEmail) ? contactEmail.trim() : undefined;
  const notes = [
    ...(shared === undefined ? [] : [words.contact(shared)]),
    ...(contactPerson || contactPhone || (contactEmail && shared === undefined) ? [words.contactsLeft] : []),
    ...(personalData ? [words.personalData] : []),
  ];
  const more = 'id' in type ? {} : { choices: type, why: words.chooseType };
  const why = words.tag(tagOf(application));
  return item('application', String(id), tagOf(application), { action: 'same', why, ...more, notes });
}

export function describeTarget({ id, name, type }: DataTarget): ImportItem {
  const why = type === 'HTTP_PUSH' ? words.pushTarget : words.targetLeft;
  return item('data-target', String(id), nameOf(name, `OS2iot ${id}`), { action: 'skip', why });
}

export function differences<T extends object>(from: T, to: T, fields: readonly (keyof T & string)[]): Change[] {
  return fields.flatMap((field) =>
    etagOf(from[field] ?? null) === etagOf(to[field] ?? null) ? [] : [{ field, from: from[field], to: to[field] }],
  );
}
