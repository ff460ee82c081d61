/** The mapping of a device model as it is typed, row by row, and back. */
import { readNumber, typedNumber } from './forms.ts';
import type { MappingEntry } from './sensors-api.ts';

export interface MappingRow {
  /** Its own as long as the form is open. */
  row: number;
  /** Of the payload. */
  key: string;
  quantity: string;
  channel: string;
  factor: string;
  offset: string;
}

let rows = 0;

export function emptyRow(): MappingRow {
  return { row: rows++, key: '', quantity: '', channel: '', factor: '', offset: '' };
}

export function mappingRows(mapping: Readonly<Record<string, MappingEntry>>, locale: string): MappingRow[] {
  return Object.entries(mapping).map(([key, { quantity, factor, offset }]) => {
    const [name = '', ...channel] = quantity.split('.');
    const numbers = { factor: typedNumber(factor, locale), offset: typedNumber(offset, locale) };
    return { row: rows++, key, quantity: name, channel: channel.join('.'), ...numbers };
  });
}

/** A field of a row and what is wrong with it. */
export type MappingFault = [
  field: 'key' | 'quantity' | 'factor' | 'offset',
  what: 'required' | 'twice' | 'number' | 'zero' | 'state',
];

export interface ReadMapping {
  mapping: Record<string, MappingEntry>;
  /** Row by its place in the list. */
  faults: Map<number, MappingFault[]>;
}

/** Rows in which nothing was typed are left out. `isState`: a quantity without factor and offset. */
export function readMapping(all: readonly MappingRow[], isState: (quantity: string) => boolean): ReadMapping {
  const read: ReadMapping = { mapping: {}, faults: new Map() };
  for (const [i, row] of all.entries()) {
    const [key, factorText, offsetText] = [row.key.trim(), row.factor.trim(), row.offset.trim()];
    if ([key, row.quantity, row.channel.trim(), factorText, offsetText].every((text) => text === '')) continue;
    const [factor, offset] = [readNumber(factorText), readNumber(offsetText)];
    const faults: MappingFault[] = [];
    if (key === '') faults.push(['key', 'required']);
    else if (Object.hasOwn(read.mapping, key)) faults.push(['key', 'twice']);
    if (row.quantity === '') faults.push(['quantity', 'required']);
    const numbers = [
      ['factor', factorText, factor],
      ['offset', offsetText, offset],
    ] as const;
    for (const [field, text, value] of numbers) {
      if (text === '') continue;
      if (value === undefined) faults.push([field, 'number']);
      else if (isState(row.quantity)) faults.push([field, 'state']);
      else if (field === 'factor' && value === 0) faults.push([field, 'zero']);
    }
    if (faults.length > 0) read.faults.set(i, faults);
    else
      read.mapping[key] = {
        quantity: row.channel.trim() === '' ? row.quantity : `${row.quantity}.${row.channel.trim()}`,
        ...(factor !== undefined && { factor }),
        ...(offset !== undefined && { offset }),
      };
  }
  return read;
}
