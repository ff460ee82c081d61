/**
 * What a script finds around it inside the sandbox: console, Buffer, atob, btoa, TextDecoder, TextEncoder; nothing else of
 * Node.js. The function is handed to QuickJS as text, so it uses nothing from outside itself.
 */

export interface Environment {
  /** Begins to keep lines of the console, or does not. */
  listen(on: boolean): void;
  /** What was kept; empties it. */
  lines(): string[];
  Buffer: unknown;
}

export function environment(): Environment {
  const global = globalThis as unknown as Record<string, unknown>;
  const MAX_LINES = 100;
  const MAX_LINE = 500;
  const { stringify } = JSON;
  const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const define = (name: string, value: unknown): void => {
    Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false });
  };

  let kept: string[] = [];
  let listening = false;
  const show = (value: unknown): string => {
    if (typeof value === 'string') return value;
    try {
      return value instanceof Error || typeof value !== 'object' ? String(value) : (stringify(value) ?? String(value));
    } catch {
      return '[cannot be shown]';
    }
  };
  const say = (...values: unknown[]): void => {
    if (!listening || kept.length >= MAX_LINES) return;
    let line = '';
    for (let i = 0; i < values.length && line.length < MAX_LINE; i++) line += `${i > 0 ? ' ' : ''}${show(values[i])}`;
    kept[kept.length] = line.length > MAX_LINE ? `${line.substring(0, MAX_LINE)}…` : line;
  };
  define('console', { log: say, info: say, warn: say, error: say, debug: say, trace: say });

  /** HTML, "forgiving-base64 decode". */
  const atob = (data: unknown): string => {
    let text = String(data).replace(/[\t\n\f\r ]/g, '');
    if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '');
    if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) throw new Error('atob: this is not base64');
    let out = '';
    let bits = 0;
    let count = 0;
    for (let i = 0; i < text.length; i++) {
      bits = (bits << 6) | DIGITS.indexOf(text.charAt(i));
      count += 6;
      if (count >= 8) {
        count -= 8;
        out += String.fromCharCode((bits >> count) & 255);
      }
      bits &= (1 << count) - 1;
    }
    return out;
  };
  const btoa = (data: unknown): string => {
    const text = String(data);
    let out = '';
    for (let i = 0; i < text.length; i += 3) {
      const a = text.charCodeAt(i);
      const b = text.charCodeAt(i + 1);
      const c = text.charCodeAt(i + 2);
      if (a > 255 || b > 255 || c > 255) throw new Error('btoa: a character does not fit in a byte');
      out += DIGITS.charAt(a >> 2) + DIGITS.charAt(((a & 3) << 4) | (b >> 4));
      out += i + 1 < text.length ? DIGITS.charAt(((b & 15) << 2) | (c >> 6)) : '=';
      out += i + 2 < text.length ? DIGITS.charAt(c & 63) : '=';
    }
    return out;
  };
  define('atob', atob);
  define('btoa', btoa);

  const toUtf8 = (text: string): number[] => {
    const bytes: number[] = [];
    for (const character of text) {
      let c = character.codePointAt(0) ?? 0xfffd;
      if (c >= 0xd800 && c <= 0xdfff) c = 0xfffd;
      if (c < 0x80) bytes.push(c);
      else if (c < 0x800) bytes.push(0xc0 | (c >> 6), 0x80 | (c & 63));
      else if (c < 0x10000) bytes.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
      else bytes.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    }
    return bytes;
  };
  /** WHATWG Encoding, "UTF-8 decoder": what is not UTF-8 becomes U+FFFD, the longest wrong beginning at a time. */
  const fromUtf8 = (bytes: Uint8Array): string => {
    let out = '';
    for (let i = 0; i < bytes.length; ) {
      const first = bytes[i++] as number;
      if (first < 0x80) {
        out += String.fromCharCode(first);
        continue;
      }
      const more =
        first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : 0;
      let low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
      let high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
      let point = first & (0x3f >> more);
      let seen = 0;
      while (seen < more) {
        const next = bytes[i];
        if (next === undefined || next < low || next > high) break;
        point = (point << 6) | (next & 63);
        low = 0x80;
        high = 0xbf;
        i++;
        seen++;
      }
      out += more > 0 && seen === more ? String.fromCodePoint(point) : '\ufffd';
    }
    return out;
  };
  const latin1 = (bytes: Uint8Array, mask: number): string => {
    let out = '';
    for (let i = 0; i < bytes.length; i++) out += String.fromCharCode((bytes[i] as number) & mask);
    return out;
  };

  const bytesOf = (text: string, encoding = 'utf8'): number[] => {
    const bytes: number[] = [];
    switch (encoding.toLowerCase()) {
      case 'hex':
        for (let i = 0; i + 1 < text.length; i += 2) {
          const pair = text.substring(i, i + 2);
          if (!/^[0-9a-fA-F]{2}$/.test(pair)) break; // as Node.js: up to the first that is none
          bytes.push(Number.parseInt(pair, 16));
        }
        return bytes;
      case 'base64':
      case 'base64url': {
        const clean = text
          .replace(/-/g, '+')
          .replace(/_/g, '/')
          .replace(/=.*$/s, '')
          .replace(/[^A-Za-z0-9+/]/g, '');
        return bytesOf(atob(clean.length % 4 === 1 ? clean.substring(0, clean.length - 1) : clean), 'latin1');
      }
      case 'ascii':
      case 'latin1':
      case 'binary':
        for (let i = 0; i < text.length; i++) bytes.push(text.charCodeAt(i) & 255);
        return bytes;
      case 'utf8':
      case 'utf-8':
        return toUtf8(text);
      default:
        throw new TypeError(`Unknown encoding: ${encoding}`);
    }
  };

  /** The part of Node.js' Buffer that codecs use. */
  class Buffer extends Uint8Array {
    // biome-ignore lint/suspicious/noExplicitAny: whatever a script hands over
    static override from(source: any, encoding?: any, length?: any): any {
      if (typeof source === 'string') return new Buffer(bytesOf(source, encoding));
      if (source instanceof ArrayBuffer) return new Buffer(source, encoding, length);
      if (source?.type === 'Buffer' && Array.isArray(source.data)) return new Buffer(source.data);
      if (source === null || typeof source !== 'object')
        throw new TypeError('Buffer.from: give a string, an array or a buffer');
      return new Buffer(Array.from(source, (n) => Number(n) & 255));
    }
    static alloc(size: number, fill?: number): Buffer {
      const made = new Buffer(size);
      return fill === undefined ? made : made.fill(fill);
    }
    static allocUnsafe(size: number): Buffer {
      return new Buffer(size);
    }
    static isBuffer(value: unknown): boolean {
      return value instanceof Buffer;
    }
    static byteLength(text: string, encoding?: string): number {
      return bytesOf(text, encoding).length;
    }
    static concat(list: Uint8Array[], total?: number): Buffer {
      let length = 0;
      for (let i = 0; i < list.length; i++) length += list[i]?.length ?? 0;
      const made = new Buffer(total ?? length);
      let at = 0;
      for (let i = 0; i < list.length && at < made.length; i++) {
        const part = list[i] as Uint8Array;
        made.set(part.subarray(0, made.length - at), at);
        at += part.length;
      }
      return made;
    }
    // A view, as in Node.js; of a Uint8Array it would be a copy.
    // biome-ignore lint/suspicious/noExplicitAny: the type of the base class is of another buffer
    override slice(start?: number, end?: number): any {
      return this.subarray(start, end);
    }
    override toString(encoding = 'utf8', start = 0, end = this.length): string {
      const part = this.subarray(start, end);
      switch (String(encoding).toLowerCase()) {
        case 'hex': {
          let out = '';
          for (let i = 0; i < part.length; i++) out += ((part[i] as number) + 256).toString(16).substring(1);
          return out;
        }
        case 'base64':
          return btoa(latin1(part, 255));
        case 'base64url':
          return btoa(latin1(part, 255)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
        case 'ascii':
          return latin1(part, 127);
        case 'latin1':
        case 'binary':
          return latin1(part, 255);
        case 'utf8':
        case 'utf-8':
          return fromUtf8(part);
        default:
          throw new TypeError(`Unknown encoding: ${encoding}`);
      }
    }
    toJSON(): unknown {
      return { type: 'Buffer', data: Array.from(this) };
    }
    equals(other: Uint8Array): boolean {
      if (other.length !== this.length) return false;
      for (let i = 0; i < this.length; i++) if (this[i] !== other[i]) return false;
      return true;
    }
  }
  const hidden = (name: string, value: unknown): void => {
    Object.defineProperty(Buffer.prototype, name, { value, writable: true, configurable: true, enumerable: false });
  };
  const room = (buffer: Uint8Array, offset: number, size: number): void => {
    if (!Number.isInteger(offset) || offset < 0 || offset + size > buffer.length)
      throw new RangeError(`The value of "offset" is out of range. Received ${offset}`);
  };
  const getters = {
    readUInt8: [1, 'getUint8'],
    readInt8: [1, 'getInt8'],
    readUInt16: [2, 'getUint16'],
    readInt16: [2, 'getInt16'],
    readUInt32: [4, 'getUint32'],
    readInt32: [4, 'getInt32'],
    readFloat: [4, 'getFloat32'],
    readDouble: [8, 'getFloat64'],
    readBigUInt64: [8, 'getBigUint64'],
    readBigInt64: [8, 'getBigInt64'],
    writeUInt8: [1, 'setUint8'],
    writeInt8: [1, 'setInt8'],
    writeUInt16: [2, 'setUint16'],
    writeInt16: [2, 'setInt16'],
    writeUInt32: [4, 'setUint32'],
    writeInt32: [4, 'setInt32'],
    writeFloat: [4, 'setFloat32'],
    writeDouble: [8, 'setFloat64'],
  } as const;
  for (const name of Object.keys(getters) as (keyof typeof getters)[]) {
    const [size, method] = getters[name];
    for (const end of size === 1 ? [''] : ['LE', 'BE']) {
      const little = end === 'LE';
      const read = function (this: Uint8Array, offset = 0): unknown {
        room(this, offset, size);
        const view = new DataView(this.buffer, this.byteOffset, this.byteLength);
        return (view[method] as (offset: number, little: boolean) => unknown).call(view, offset, little);
      };
      const write = function (this: Uint8Array, value: number, offset = 0): number {
        room(this, offset, size);
        const view = new DataView(this.buffer, this.byteOffset, this.byteLength);
        (view[method] as (offset: number, value: number, little: boolean) => unknown).call(view, offset, value, little);
        return offset + size;
      };
      const made = name.startsWith('read') ? read : write;
      hidden(`${name}${end}`, made);
      // Node.js has both spellings: readUInt16LE and readUint16LE.
      if (name.includes('UInt')) hidden(`${name.replace('UInt', 'Uint')}${end}`, made);
    }
  }
  for (const end of ['LE', 'BE']) {
    const unsigned = function (this: Uint8Array, offset: number, size: number): number {
      if (!(size >= 1 && size <= 6))
        throw new RangeError(`The value of "byteLength" is out of range. Received ${size}`);
      room(this, offset, size);
      let value = 0;
      for (let i = 0; i < size; i++)
        value = value * 256 + (this[end === 'BE' ? offset + i : offset + size - 1 - i] as number);
      return value;
    };
    hidden(`readUInt${end}`, unsigned);
    hidden(`readUint${end}`, unsigned);
    hidden(`readInt${end}`, function (this: Uint8Array, offset: number, size: number): number {
      const value = unsigned.call(this, offset, size);
      const full = 2 ** (8 * size);
      return value >= full / 2 ? value - full : value;
    });
  }
  define('Buffer', Buffer);

  define(
    'TextDecoder',
    class TextDecoder {
      decode(source?: ArrayBuffer | Uint8Array): string {
        if (source === undefined) return '';
        const bytes = source instanceof ArrayBuffer ? new Uint8Array(source) : source;
        const text = fromUtf8(bytes);
        return text.charCodeAt(0) === 0xfeff ? text.substring(1) : text;
      }
    },
  );
  define(
    'TextEncoder',
    class TextEncoder {
      encode(text = ''): Uint8Array {
        return new Uint8Array(toUtf8(String(text)));
      }
    },
  );

  return {
    listen(on) {
      listening = on;
    },
    lines() {
      const taken = kept;
      kept = [];
      return taken;
    },
    Buffer,
  };
}
