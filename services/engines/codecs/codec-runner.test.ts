/** The sandbox as its users see it: what a script gives, what stops it, and that the next frame is none the wiser. */
import { afterAll, describe, expect, it } from 'vitest';
import type { CodecAnswer, CodecScript, Frame, Signature } from '../../model/codec.ts';
import { createCodecRunner } from './codec-runner.ts';

const TIME = Date.UTC(2026, 10, 24, 12);
const runner = createCodecRunner();
afterAll(() => runner.close());

let scripts = 0;
function codec(script: string, signature: Signature = 'ts013'): CodecScript {
  return { id: `codec-${++scripts}`, version: 1, signature, script };
}
function frame(bytes: number[], more: Partial<Frame> = {}): Frame {
  return { bytes: Uint8Array.from(bytes), fPort: 85, recvTime: TIME, variables: {}, ...more };
}
async function run(script: CodecScript, bytes: number[] = [1], more: Partial<Frame> = {}): Promise<CodecAnswer> {
  const [answer] = await runner.decode([{ script, frame: frame(bytes, more) }]);
  if (!answer) throw new Error('no answer');
  return answer;
}
async function dataOf(script: string, bytes?: number[], signature?: Signature): Promise<unknown> {
  const answer = await run(codec(script, signature), bytes);
  if (answer.kind !== 'decoded') throw new Error(JSON.stringify(answer));
  return answer.data;
}

describe('what a script is given and gives', () => {
  it('TS013: bytes, port, time and variables; data and warnings', async () => {
    const script = codec(`
      function decodeUplink(input) {
        return { data: { b: input.bytes, plain: Array.isArray(input.bytes), p: input.fPort, t: input.recvTime.toISOString(),
                         v: input.variables.height }, warnings: ['low'] };
      }`);
    expect(await run(script, [1, 255], { variables: { height: '1500' } })).toMatchObject({
      kind: 'decoded',
      data: { b: [1, 255], plain: true, p: 85, t: '2026-11-24T12:00:00.000Z', v: '1500' },
      warnings: ['low'],
    });
  });

  it('TS013: errors of its own are a failure, in its own words', async () => {
    const script = codec('function decodeUplink() { return { data: { a: 1 }, errors: ["unknown port"] }; }');
    expect(await run(script)).toMatchObject({ kind: 'failed', errors: ['unknown port'] });
  });

  it('The Things Network v2: Decoder(bytes, port), a bare object', async () => {
    expect(
      await dataOf('function Decoder(bytes, port) { return { n: bytes.length, port: port }; }', [1, 2], 'ttn'),
    ).toEqual({ n: 2, port: 85 });
  });

  it('ChirpStack v3: Decode(fPort, bytes, variables)', async () => {
    const script = codec(
      'function Decode(fPort, bytes, variables) { return { fPort: fPort, b: bytes[0], h: variables.h }; }',
      'chirpstack3',
    );
    expect(await run(script, [7], { variables: { h: '2' } })).toMatchObject({ data: { fPort: 85, b: 7, h: '2' } });
  });

  it('OS2iot: decode(payload, metadata) with the whole message, and with one made of the frame where there is none', async () => {
    const script = codec(
      `function decode(payload, metadata) {
        var bytes = Buffer.from(payload.data, 'base64');
        return { b: bytes.readUInt16BE(0), a: atob(payload.data).length, p: payload.fPort, m: JSON.parse(metadata.metadata || '{}').kote };
      }`,
      'os2iot',
    );
    expect(await run(script, [1, 2])).toMatchObject({ data: { b: 258, a: 2, p: 85 } });
    const message = { data: 'AQM=', fPort: 3 };
    expect(await run(script, [], { message, metadata: { metadata: '{"kote":4.2}' } })).toMatchObject({
      data: { b: 259, a: 2, p: 3, m: 4.2 },
    });
  });

  it('an array of records with times of their own', async () => {
    const records = [
      { time: '2026-11-24T11:00:00Z', level: 1 },
      { time: '2026-11-24T11:30:00Z', level: 2 },
    ];
    expect(await dataOf(`function decodeUplink() { return { data: ${JSON.stringify(records)} }; }`)).toEqual(records);
    expect(await dataOf(`function decodeUplink() { return ${JSON.stringify(records)}; }`)).toEqual(records);
  });

  it('normalizeUplink stands in for the data when there are no errors, and its own errors become a warning', async () => {
    const decode = 'function decodeUplink(i) { return { data: { temp: i.bytes[0] / 10 } }; }';
    const script = codec(
      `${decode} function normalizeUplink(i) { return { data: { air: { temperature: i.data.temp } } }; }`,
    );
    expect(await run(script, [215])).toMatchObject({ data: { air: { temperature: 21.5 } } });
    const broken = codec(`${decode} function normalizeUplink() { return { errors: ['no'] }; }`);
    expect(await run(broken, [215])).toMatchObject({ data: { temp: 21.5 }, warnings: ['normalizeUplink: no'] });
  });

  it('exports instead of declarations', async () => {
    for (const head of ['module.exports = {', 'exports.decodeUplink = ({', 'Object.assign(exports, {']) {
      const tail = head.startsWith('module') ? '}' : head.startsWith('exports') ? '}).decodeUplink' : '})';
      expect(await dataOf(`${head} decodeUplink(i) { return { data: { a: i.bytes[0] } }; } ${tail}`, [3])).toEqual({
        a: 3,
      });
    }
  });

  it('the language from ES5 to ES2023, strict or not', async () => {
    const modern = `"use strict";
      class Reader { #at = 0; constructor(b) { this.b = b; } next() { return this.b[this.#at++] ?? null; } }
      const sum = (...n) => n.reduce((a, b) => a + b, 0);
      function* all(r) { let v; while ((v = r.next()) !== null) yield v; }
      const decodeUplink = ({ bytes, fPort: port = 1 }) => ({ data: {
        sum: sum(...all(new Reader(bytes))), port, last: bytes.at(-1), sorted: bytes.toSorted((a, b) => b - a),
        big: String(2n ** 40n), has: Object.hasOwn({ a: 1 }, 'a'), groups: /(?<y>\\d+)/.exec('a12').groups.y,
        strict: (function () { return this === undefined; })(), entries: Object.fromEntries([['a', 1]]) } });`;
    expect(await dataOf(modern, [1, 5, 2])).toEqual({
      sum: 8,
      port: 85,
      last: 2,
      sorted: [5, 2, 1],
      big: '1099511627776',
      has: true,
      groups: '12',
      strict: true,
      entries: { a: 1 },
    });
    const old = `
      var table = { 1: 'a' };
      function Reader(b) { this.b = b; }
      Reader.prototype.first = function () { with (this) { return b[0]; } };
      decodeUplink = function (input) { for (i = 0; i < 3; i++); return { data: { i: i, f: new Reader(input.bytes).first(), t: table[1] } }; };`;
    expect(await dataOf(`var decodeUplink; ${old}`, [9])).toEqual({ i: 3, f: 9, t: 'a' });
  });

  it('Buffer, atob, typed arrays and TextDecoder as Node.js has them', async () => {
    const body = `
      const b = Buffer.from('01ff80007fc0a00000', 'hex');
      return {
        u8: b.readUInt8(1), i8: b.readInt8(1), u16le: b.readUInt16LE(1), u16be: b.readUint16BE(1), i16: b.readInt16LE(1),
        u32: b.readUInt32BE(0), i32: b.readInt32LE(3), f: Buffer.from([0, 0, 128, 63]).readFloatLE(0), u24: b.readUIntBE(0, 3), i24: b.readIntLE(1, 3),
        hex: b.slice(1, 3).toString('hex'), b64: b.toString('base64'), url: Buffer.from('_-8', 'base64').toString('base64url'),
        text: Buffer.from('æ€😀').toString(), wrong: Buffer.from([0xe2, 0x82, 0x41, 0xff]).toString(), ascii: Buffer.from([200, 65]).toString('ascii'),
        concat: Buffer.concat([b.subarray(0, 1), Buffer.alloc(2, 7)]).toJSON(), length: Buffer.byteLength('æ'), is: Buffer.isBuffer(b),
        view: (() => { const c = Buffer.from([1, 2]); c.slice(1)[0] = 9; return c[1]; })(),
        atob: atob('aGVq'), btoa: btoa('hej'), decoded: new TextDecoder().decode(new Uint8Array([195, 166])), encoded: Array.from(new TextEncoder().encode('ø')),
        dv: new DataView(Uint8Array.from([1, 2]).buffer).getUint16(0), odd: Buffer.from('0g', 'hex').length, equals: b.equals(Buffer.from(b)),
      };`;
    const bare = new Function('Buffer', 'atob', 'btoa', 'TextDecoder', 'TextEncoder', body)(
      Buffer,
      atob,
      btoa,
      TextDecoder,
      TextEncoder,
    );
    expect(await dataOf(`function decodeUplink() { return { data: (function () { ${body} })() }; }`)).toEqual(
      JSON.parse(JSON.stringify(bare)),
    );
    expect(
      await dataOf(
        "const { Buffer: B } = require('buffer'); function decodeUplink() { return { data: { n: B.from([1]).length } }; }",
      ),
    ).toEqual({ n: 1 });
  });

  it('console is kept for who tries a script out, and bounded', async () => {
    const script = codec(
      'function decodeUplink(i) { for (let n = 0; n < 1000; n++) console.log("byte", i.bytes, n, "x".repeat(900)); return { data: { a: 1 } }; }',
    );
    const [answer] = await runner.decode([{ script, frame: frame([5]), console: true }]);
    if (answer?.kind !== 'decoded') throw new Error(JSON.stringify(answer));
    expect(answer.console?.[0]).toMatch(/^byte \[5\] 0 x/);
    expect(answer.console).toHaveLength(100);
    expect(answer.console?.every((line) => line.length <= 501)).toBe(true);
    expect(await run(script)).not.toHaveProperty('console');
  });

  it('encodes commands: encodeDownlink, Encoder, Encode', async () => {
    const command = { data: { on: true }, variables: {} };
    const ts013 = codec(
      'function decodeUplink() {} function encodeDownlink(i) { return { bytes: [i.data.on ? 1 : 0, 255], fPort: 10, warnings: ["w"] }; }',
    );
    expect(await runner.encode(ts013, command)).toEqual({
      kind: 'encoded',
      bytes: Uint8Array.from([1, 255]),
      fPort: 10,
      warnings: ['w'],
    });
    const ttn = codec('function Decoder() {} function Encoder(o, port) { return [o.on ? 1 : 0, port]; }', 'ttn');
    expect(await runner.encode(ttn, { ...command, fPort: 3 })).toMatchObject({
      bytes: Uint8Array.from([1, 3]),
      fPort: 3,
    });
    const cs3 = codec(
      'function Decode() {} function Encode(fPort, o, v) { return Buffer.from([fPort, 2]); }',
      'chirpstack3',
    );
    expect(await runner.encode(cs3, { ...command, fPort: 4 })).toMatchObject({ bytes: Uint8Array.from([4, 2]) });
    const wrong = codec('function decodeUplink() {} function encodeDownlink() { return { bytes: [1, 300] }; }');
    expect(await runner.encode(wrong, command)).toEqual({ kind: 'failed', errors: ['byte 1 is 300'] });
    expect(await runner.encode(codec('function decodeUplink() {}'), command)).toEqual({
      kind: 'failed',
      errors: ['the script has no function encodeDownlink'],
    });
  });

  it('finds out the signature by the functions there are', async () => {
    const signature = async (script: string) => (await runner.inspect(script)).signature;
    expect(
      await signature(
        'function Decoder(b, p) {} function decodeUplink(i) { return { data: Decoder(i.bytes, i.fPort) }; }',
      ),
    ).toBe('ts013');
    expect(await signature('function Decoder(b, p) {}')).toBe('ttn');
    expect(await signature('const Decode = (p, b) => ({});')).toBe('chirpstack3');
    expect(await signature('function decode(payload, metadata) {}')).toBe('os2iot');
    expect(await runner.inspect('exports.decodeUplink = () => {}; exports.encodeDownlink = () => {};')).toEqual({
      signature: 'ts013',
      encodes: true,
    });
    expect(await runner.inspect('var a = 1;')).toEqual({ encodes: false });
    expect((await runner.inspect('\nfunction (')).error).toMatch(/SyntaxError.*line 2/);
    expect((await runner.inspect('}); evil(); (function () {')).error).toMatch(/SyntaxError/);
    expect((await runner.inspect('while (true);')).error).toMatch(/ran longer than 50 ms/);
  });
});

describe('a script keeps nothing from one frame to the next', () => {
  it.each([
    ['a variable', 'var n = 0; function decodeUplink() { n++; return { data: { n: n } }; }'],
    ['let and closures', 'let n = 0; const decodeUplink = () => ({ data: { n: ++n } });'],
    [
      'a global nobody declared',
      'function decodeUplink() { n = typeof n === "undefined" ? 1 : n + 1; return { data: { n: n } }; }',
    ],
    [
      'globalThis',
      'function decodeUplink() { globalThis.n = (globalThis.n || 0) + 1; return { data: { n: globalThis.n } }; }',
    ],
    [
      'this',
      'var self = this; function decodeUplink() { self.n = (self.n || 0) + 1; return { data: { n: self.n } }; }',
    ],
    [
      'a prototype',
      'function decodeUplink() { Array.prototype.n = (Array.prototype.n || 0) + 1; return { data: { n: [].n } }; }',
    ],
    ['a built-in object', 'function decodeUplink() { Math.n = (Math.n || 0) + 1; return { data: { n: Math.n } }; }'],
    ['module', 'function decodeUplink() { module.n = (module.n || 0) + 1; return { data: { n: module.n } }; }'],
  ])('%s', async (_, text) => {
    const script = codec(text);
    for (let round = 0; round < 3; round++) {
      const answers = await runner.decode(Array.from({ length: 40 }, () => ({ script, frame: frame([1]) })));
      expect(new Set(answers.map((a) => (a.kind === 'decoded' ? JSON.stringify(a.data) : a.kind)))).toEqual(
        new Set(['{"n":1}']),
      );
    }
  });

  it('nor changes of the language: the next frame is read as if nothing had been', async () => {
    const script = codec(`function decodeUplink(input) {
      if (input.bytes[0] === 1) {
        Array.prototype.join = function () { return 'bad'; }; JSON.stringify = function () { return '"bad"'; };
        Object.prototype.get = 5; Object.prototype.bad = 1; delete Array.prototype.map; Object.setPrototypeOf(Array.prototype, { x: 1 });
        Date.prototype.toJSON = function () { return 'bad'; }; Number.prototype.toFixed = null; Object.freeze(String.prototype);
      }
      var seen = []; for (var k in {}) seen.push(k);
      return { data: { j: input.bytes.join('-'), m: typeof input.bytes.map, t: input.recvTime, k: seen, x: [].x, s: JSON.stringify([1]) } };
    }`);
    const good = { j: '2-3', m: 'function', t: '2026-11-24T12:00:00.000Z', k: [], s: '[1]' };
    const bytes = [[2, 3], [1], [2, 3], [1], [2, 3], [2, 3]];
    const answers = await runner.decode(bytes.map((b) => ({ script, frame: frame(b) })));
    for (const [i, answer] of answers.entries()) {
      if (bytes[i]?.[0] === 2) expect(answer).toMatchObject({ kind: 'decoded', data: good });
    }
    expect(await run(script, [2, 3])).toMatchObject({ kind: 'decoded', data: good });
  });

  it('another text under the same id and version is another script', async () => {
    const one = codec('function decodeUplink() { return { data: { n: 1 } }; }');
    const two = { ...one, script: one.script.replace('n: 1', 'n: 2') };
    const answers = await runner.decode([one, two, one].map((script) => ({ script, frame: frame([1]) })));
    expect(answers).toMatchObject([{ data: { n: 1 } }, { data: { n: 2 } }, { data: { n: 1 } }]);
    const signatures = ['function Decoder() {}', 'function Decode() {}'].map((text) => runner.inspect(text));
    expect(await Promise.all(signatures)).toMatchObject([{ signature: 'ttn' }, { signature: 'chirpstack3' }]);
  });

  it('one script sees nothing of another', async () => {
    await run(
      codec('function decodeUplink() { globalThis.secret = 1; Object.prototype.secret = 2; return { data: {} }; }'),
    );
    expect(
      await dataOf('function decodeUplink() { return { data: { s: typeof secret, o: {}.secret === undefined } }; }'),
    ).toEqual({ s: 'undefined', o: true });
  });
});

describe('nothing of the machine is reachable', () => {
  it.each([
    'process',
    'require("fs")',
    'fetch',
    'setTimeout',
    'XMLHttpRequest',
    'std',
    'os',
    'WebAssembly',
    'import.meta',
  ])('%s', async (name) => {
    const answer = await run(codec(`function decodeUplink() { return { data: { found: String(${name}) } }; }`));
    expect(answer.kind).toBe('failed');
  });

  it.each([
    'this.constructor.constructor("return process")()',
    '[].constructor.constructor("return globalThis.process.env")()',
    'eval("process")',
  ])('%s', async (text) => {
    const answer = await run(codec(`function decodeUplink(input) { return { data: { found: ${text} } }; }`));
    expect(answer).toMatchObject({ kind: 'failed', errors: [expect.stringMatching(/^(Reference|Type)Error/)] });
  });
});

describe('a wrong script says where', () => {
  it.each([
    ['\n\nfunction decodeUplink() { return missing.thing; }', /^ReferenceError: .*missing.* \(line 3\)$/],
    ['function decodeUplink() {\n  throw new Error("too short");\n}', /^Error: too short \(line 2\)$/],
    ['function decodeUplink() { throw "a text"; }', /^a text$/],
    ['function decodeUplink( {', /^the script cannot be read: SyntaxError.*\(line 1\)$/],
    ['var a = 1;', /^the script has no function decodeUplink$/],
    ['function decodeUplink() {}', /^the script gave undefined, not an object$/],
    ['async function decodeUplink() { return {}; }', /promise/],
    ['function decodeUplink() { return { data: { a: 1n } }; }', /^the answer is not JSON: TypeError/],
    ['function decodeUplink() { var a = {}; a.a = a; return { data: a }; }', /^the answer is not JSON: TypeError/],
    ['function decodeUplink() { return { warnings: ["w"] }; }', /^the script gave no data$/],
    [
      'function decodeUplink() { return { data: { get a() { throw { toString() { throw 1; } }; } } }; }',
      /^the answer is not JSON: something that cannot be shown/,
    ],
  ])('%s', async (text, reason) => {
    expect(await run(codec(text))).toMatchObject({ kind: 'failed', errors: [expect.stringMatching(reason)] });
  });
});
