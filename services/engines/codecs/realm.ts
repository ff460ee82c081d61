/**
 * The part of ours that runs inside the sandbox, beside the script: calls it as its signature says, makes the answer a
 * short JSON text, and puts right what the script changed of the language around it. Handed to QuickJS as text, so it uses
 * nothing from outside itself; and no method a script could have replaced: what it needs it took before the script came.
 */
import type { Environment } from './environment.ts';

/** Functions a script may declare, or export. */
export const FUNCTIONS = [
  'decodeUplink',
  'normalizeUplink',
  'encodeDownlink',
  'decodeDownlink',
  'Decoder',
  'Encoder',
  'Decode',
  'Encode',
  'decode',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];
type Declared = Partial<Record<FunctionName, (...args: unknown[]) => unknown>> & { module?: unknown };
/** The script as a function: each call of it is the script run anew, with variables of its own. */
export type Factory = (module: unknown, exports: unknown, require: unknown) => Declared;

/** `recvTime`: epoch ms. `message` and `metadata` only for OS2iot's signature. In this order: most calls are of this kind. */
type DecodeArguments = [
  call: 'decode',
  signature: string,
  bytes: number[],
  fPort: number,
  recvTime: number,
  variables: unknown,
  console: boolean,
  message?: unknown,
  metadata?: unknown,
];

/** What a call is given, as JSON. */
export type CallArguments =
  | DecodeArguments
  | { call: 'encode'; signature: string; data: unknown; fPort?: number; variables: unknown }
  | { call: 'inspect' };

/** What a call gives, as JSON. */
export interface CallResult {
  data?: unknown;
  warnings?: string[];
  errors?: string[];
  /** The script threw; `errors` says what. */
  threw?: true;
  /** Characters of an answer that is too long to be taken out. */
  tooLong?: number;
  console?: string[];
  bytes?: number[];
  fPort?: number;
  functions?: FunctionName[];
}

export interface Realm {
  use(factory: Factory): void;
  /** `+` and the data as JSON, or a CallResult as JSON. */
  run(text: string): string;
  /** False: something was changed. True is not sure: `mend` is. */
  looksIntact(): boolean;
  /** 0: nothing was changed. 1: what was changed is as before. 2: not all could be put right. Else names the script made globals of, joined by commas. */
  mend(): number | string;
}

export function realm(env: Environment, names: readonly FunctionName[], maxAnswer: number): Realm {
  const { parse, stringify } = JSON;
  const {
    ownKeys,
    getOwnPropertyDescriptor,
    getPrototypeOf,
    isExtensible,
    defineProperty,
    deleteProperty,
    setPrototypeOf,
  } = Reflect;
  const { isArray } = Array;
  const { freeze, is } = Object;
  const text = String;
  const Time = Date;
  const Problem = Error;
  const substring = Function.prototype.call.bind(String.prototype.substring) as (
    s: string,
    from: number,
    to?: number,
  ) => string;
  const exec = Function.prototype.call.bind(RegExp.prototype.exec) as (r: RegExp, s: string) => RegExpExecArray | null;
  const identifier = /^[A-Za-z_$][A-Za-z0-9_$]*$/;
  const place = /codec\.js:(\d+)/;

  let factory: Factory | undefined;

  const require = (name: unknown): unknown => {
    if (name === 'buffer' || name === 'node:buffer') return { Buffer: env.Buffer };
    throw new Problem(`require("${text(name)}"): only "buffer" is there`);
  };

  const start = (): Declared => {
    const module = { exports: {} };
    const declared = (factory as Factory)(module, module.exports, require);
    if (!('module' in declared)) return declared; // it exports nothing
    // A script may have put another `module` in place of ours.
    const exported = ((declared.module as typeof module | undefined) ?? module).exports as Declared;
    if (typeof exported === 'object' && exported !== null) {
      for (let i = 0; i < names.length; i++) {
        const name = names[i] as FunctionName;
        if (typeof exported[name] === 'function') declared[name] = exported[name];
      }
    }
    return declared;
  };

  const describe = (error: unknown): string => {
    try {
      if (!(error instanceof Problem)) return text(error);
      const line = exec(place, text(error.stack));
      return `${text(error.name)}: ${text(error.message)}${line ? ` (line ${line[1]})` : ''}`;
    } catch {
      return 'something that cannot be shown was thrown';
    }
  };
  const short = (value: unknown): string => {
    const whole = typeof value === 'string' ? value : (stringify(value) ?? text(value));
    return whole.length > 500 ? `${substring(whole, 0, 500)}…` : whole;
  };
  const list = (value: unknown): string[] => {
    if (value === undefined || value === null || value === '') return [];
    if (!isArray(value)) return [short(value)];
    const out: string[] = [];
    for (let i = 0; i < value.length && i < 20; i++) out[i] = short(value[i]);
    return out;
  };
  const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

  /** `{data, warnings, errors}`, or the data itself: of TS013 the former always, of the older signatures where it looks like it. */
  const isEnvelope = (answer: Record<string, unknown>, ts013: boolean): boolean => {
    if (isArray(answer)) return false;
    if (ts013 && ('data' in answer || 'errors' in answer)) return true;
    const keys = ownKeys(answer);
    let known = 0;
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === 'data' || keys[i] === 'errors' || keys[i] === 'warnings') known++;
    }
    if (known === 0) return false;
    return known === keys.length && (!('data' in answer) || isObject(answer.data));
  };
  const open = (answer: unknown, ts013: boolean): CallResult => {
    if (!isObject(answer))
      return { errors: [`the script gave ${answer === null ? 'null' : typeof answer}, not an object`], threw: true };
    if (typeof answer.then === 'function')
      return { errors: ['the script gave a promise; it must answer at once'], threw: true };
    if (!isEnvelope(answer, ts013)) return { data: answer };
    if (answer.warnings === undefined && answer.errors === undefined) return { data: answer.data };
    const warnings = list(answer.warnings);
    const errors = list(answer.errors);
    if (warnings.length === 0 && errors.length === 0) return { data: answer.data };
    return { data: answer.data, warnings, errors };
  };
  const failed = (result: CallResult): boolean => result.errors !== undefined && result.errors.length > 0;

  const base64 = (bytes: readonly number[]): string => {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    let out = '';
    for (let i = 0; i < bytes.length; i += 3) {
      const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
      out += (digits[(bits >> 18) & 63] as string) + (digits[(bits >> 12) & 63] as string);
      out += i + 1 < bytes.length ? (digits[(bits >> 6) & 63] as string) : '=';
      out += i + 2 < bytes.length ? (digits[bits & 63] as string) : '=';
    }
    return out;
  };

  const absent = (name: string): CallResult => ({ errors: [`the script has no function ${name}`], threw: true });

  // Taken out of the object first: called as its methods, they would find it as their `this`.
  const decode = (args: DecodeArguments, has: Declared): CallResult => {
    // One by one: taking an array apart would ask its iterator, which a script can replace.
    const signature = args[1];
    const bytes = args[2];
    const fPort = args[3];
    const recvTime = args[4];
    const variables = args[5];
    const { Decoder, Decode, decode: os2iot, decodeUplink, normalizeUplink } = has;
    if (signature === 'ttn') return Decoder ? open(Decoder(bytes, fPort), false) : absent('Decoder');
    if (signature === 'chirpstack3') return Decode ? open(Decode(fPort, bytes, variables), false) : absent('Decode');
    if (signature === 'os2iot') {
      if (!os2iot) return absent('decode');
      const message = args[7] ?? { data: base64(bytes), fPort, time: new Time(recvTime).toISOString() };
      return open(os2iot(message, args[8] ?? {}), false);
    }
    if (!decodeUplink) return absent('decodeUplink');
    const result = open(decodeUplink({ bytes, fPort, recvTime: new Time(recvTime), variables }), true);
    if (failed(result) || !normalizeUplink || !isObject(result.data)) return result;
    const normal = open(normalizeUplink({ data: result.data, fPort, recvTime: new Time(recvTime) }), true);
    const warnings = list(result.warnings);
    const more = failed(normal) ? [`normalizeUplink: ${(normal.errors as string[])[0]}`] : (normal.warnings ?? []);
    for (let i = 0; i < more.length; i++) warnings[warnings.length] = more[i] as string;
    return { data: failed(normal) || !isObject(normal.data) ? result.data : normal.data, warnings };
  };

  const encode = (args: Extract<CallArguments, { call: 'encode' }>, has: Declared): CallResult => {
    const { data, variables, signature } = args;
    const fPort = args.fPort ?? 1;
    const { encodeDownlink, Encoder, Encode } = has;
    if (signature !== 'ts013' && !encodeDownlink) {
      const older = signature === 'ttn' ? Encoder?.(data, fPort) : Encode?.(fPort, data, variables);
      if (older === undefined) return absent(signature === 'ttn' ? 'Encoder' : 'Encode');
      return isArray(older) || isObject(older)
        ? { bytes: older as number[], fPort }
        : { errors: ['the script gave no bytes'], threw: true };
    }
    if (!encodeDownlink) return absent('encodeDownlink');
    const answer = encodeDownlink({ data, fPort, variables }) as Record<string, unknown> | undefined;
    if (!isObject(answer)) return { errors: ['the script gave no object'], threw: true };
    const errors = list(answer.errors);
    if (errors.length > 0) return { errors };
    return {
      bytes: answer.bytes as number[],
      fPort: (answer.fPort ?? fPort) as number,
      warnings: list(answer.warnings),
    };
  };
  /** Bytes as a plain array: a script may give a typed array or a Buffer. */
  const plainBytes = (result: CallResult): CallResult => {
    if (result.bytes === undefined)
      return failed(result) ? result : { errors: ['the script gave no bytes'], threw: true };
    const bytes: number[] = [];
    const { length } = result.bytes;
    if (!(length >= 0 && length <= 242)) return { errors: ['a downlink has 0 to 242 bytes'], threw: true };
    for (let i = 0; i < length; i++) {
      const byte = result.bytes[i];
      if (typeof byte !== 'number' || !(byte >= -128 && byte <= 255) || byte % 1 !== 0)
        return { errors: [`byte ${i} is ${short(byte)}`], threw: true };
      bytes[i] = byte & 255;
    }
    return { bytes, fPort: result.fPort as number, warnings: result.warnings ?? [] };
  };

  const perform = (args: CallArguments): CallResult => {
    try {
      const has = start();
      if (isArray(args)) return decode(args, has);
      if (args.call === 'encode') return plainBytes(encode(args, has));
      const functions: FunctionName[] = [];
      for (let i = 0; i < names.length; i++) {
        if (has[names[i] as FunctionName]) functions[functions.length] = names[i] as FunctionName;
      }
      return { functions };
    } catch (error) {
      return { errors: [short(describe(error))], threw: true };
    }
  };

  const run = (given: string): string => {
    const args = parse(given) as CallArguments;
    const listens = isArray(args) && args[6];
    if (listens) env.listen(true);
    let result = perform(args);
    let answer: string;
    try {
      // The usual answer goes out as the data alone.
      const plain =
        !listens && result.data !== undefined && result.warnings === undefined && result.errors === undefined;
      const data = plain ? stringify(result.data) : undefined;
      if (data !== undefined && data.length <= maxAnswer) return `+${data}`;
      answer = stringify(result);
    } catch (error) {
      result = { errors: [`the answer is not JSON: ${describe(error)}`], threw: true };
      answer = stringify(result);
    }
    if (typeof answer !== 'string') return '{"errors":["the script changed how answers are written"],"threw":true}';
    if (answer.length > maxAnswer) answer = `{"tooLong":${answer.length}}`;
    if (!listens) return answer;
    env.listen(false);
    const lines = stringify(env.lines());
    return answer === '{}' ? `{"console":${lines}}` : `{"console":${lines},${substring(answer, 1)}`;
  };

  // Everything of the language a script can reach and change, as it is now.
  interface Kept {
    object: object;
    prototype: object | null;
    keys: readonly (string | symbol)[];
    descriptors: readonly PropertyDescriptor[];
    /** Of those that are plain values: name and value at the same place. */
    names: readonly string[];
    values: readonly unknown[];
  }
  const kept: Kept[] = [];
  const seen = new Set<object>();
  const keep = (value: unknown): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    // Nobody inherits from a plain function, so freezing it disturbs nobody; these would be the longest part of the list.
    if (typeof value === 'function' && getOwnPropertyDescriptor(value, 'prototype') === undefined) {
      freeze(value);
      keep(getPrototypeOf(value));
      return;
    }
    const keys = ownKeys(value);
    // Without a prototype: a script may put a `get` into Object.prototype, and defineProperty would find it.
    const descriptors: PropertyDescriptor[] = keys.map((key) =>
      Object.assign(Object.create(null), getOwnPropertyDescriptor(value, key)),
    );
    const plain = keys.map((_, i) => i).filter((i) => 'value' in (descriptors[i] as object));
    const names = plain.map((i) => keys[i] as string);
    const values = plain.map((i) => descriptors[i]?.value as unknown);
    kept.push({ object: value, prototype: getPrototypeOf(value), keys, descriptors, names, values });
    keep(getPrototypeOf(value));
    for (const descriptor of descriptors) {
      keep(descriptor.value);
      keep(descriptor.get);
      keep(descriptor.set);
    }
  };

  const isAsBefore = (thing: Kept): boolean => {
    const { object, names, values } = thing;
    if (ownKeys(object).length !== thing.keys.length || getPrototypeOf(object) !== thing.prototype) return false;
    for (let i = 0; i < names.length; i++) {
      const value = (object as Record<string, unknown>)[names[i] as string];
      if (value !== values[i] && !is(value, values[i])) return false;
    }
    return isExtensible(object);
  };

  const makeAsBefore = ({ object, prototype, keys, descriptors }: Kept): void => {
    const now = ownKeys(object);
    for (let i = 0; i < now.length; i++) deleteProperty(object, now[i] as string);
    for (let i = 0; i < keys.length; i++)
      defineProperty(object, keys[i] as string, descriptors[i] as PropertyDescriptor);
    setPrototypeOf(object, prototype);
  };

  /** Names of globals the script made by assigning to what it had not declared. */
  const strayGlobals = (): string | undefined => {
    const now = ownKeys(globalThis);
    const first = kept[0] as Kept;
    let names = '';
    for (let i = first.keys.length; i < now.length; i++) {
      const name = now[i];
      if (typeof name !== 'string' || !exec(identifier, name)) return undefined;
      names += `${names === '' ? '' : ','}${name}`;
    }
    return names === '' ? undefined : names;
  };

  const mend = (): number | string => {
    const stray = strayGlobals();
    let intact = true;
    for (let i = 0; i < kept.length; i++) {
      if (isAsBefore(kept[i] as Kept)) continue;
      intact = false;
      makeAsBefore(kept[i] as Kept);
    }
    if (intact) return 0;
    if (stray !== undefined) return stray;
    for (let i = 0; i < kept.length; i++) if (!isAsBefore(kept[i] as Kept)) return 2;
    return 1;
  };

  /** What is quick to see: new globals, and members added where everything inherits from. */
  const looksIntact = (): boolean => {
    if (ownKeys(globalThis).length !== (kept[0] as Kept).keys.length) return false;
    for (const _ in {}) return false;
    for (const _ in []) return false;
    for (const _ in looksIntact) return false;
    return true;
  };

  keep(globalThis);
  // Reached by syntax alone.
  keep(getPrototypeOf(async () => {}));
  keep(getPrototypeOf(function* () {}));
  keep(getPrototypeOf(async function* () {}));
  keep(getPrototypeOf(''[Symbol.iterator]()));
  keep(getPrototypeOf([][Symbol.iterator]()));
  keep(getPrototypeOf(new Map()[Symbol.iterator]()));
  keep(getPrototypeOf(new Set()[Symbol.iterator]()));
  keep(getPrototypeOf(''.matchAll(/x/g)));
  return {
    use(given) {
      factory = given;
    },
    run,
    looksIntact,
    mend,
  };
}
