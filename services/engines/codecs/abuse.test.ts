/** Issue 4, abuse: each is stopped within twice its budget with a clear reason, and the next frame is decoded correctly. */
import { afterAll, expect, it } from 'vitest';
import type { CodecScript, Frame } from '../../model/codec.ts';
import { createCodecRunner } from './codec-runner.ts';

const runner = createCodecRunner();
afterAll(() => runner.close());

const BUDGET_MS = 50;
const frame = (byte: number): Frame => ({ bytes: Uint8Array.of(byte, 2, 3), fPort: 1, recvTime: 0, variables: {} });
const GOOD = { joined: '0-2-3', keys: [], json: '{"a":1}' };
/** Does its worst on frames that begin with 1, and reads the others as any codec would. */
function script(id: string, worst: string): CodecScript {
  const text = `function decodeUplink(input) {
    if (input.bytes[0] === 1) { ${worst} }
    var keys = []; for (var k in {}) keys.push(k);
    return { data: { joined: input.bytes.join('-'), keys: keys, json: JSON.stringify({ a: 1 }) } };
  }`;
  return { id, version: 1, signature: 'ts013', script: text };
}
const other = script('other', '');

it.each([
  ['endless loop', 'while (true);', /ran longer than 50 ms/],
  [
    'endless loop that catches',
    'while (true) { try { while (true); } catch (e) {} finally { continue; } }',
    /ran longer than 50 ms/,
  ],
  ['2 GB string', 'var s = "xxxxxxxx"; while (true) s += s;', /text that is too long|16 MB/],
  ['2 GB string by repeat', 'return { data: "x".repeat(2 ** 31) };', /text that is too long|16 MB|RangeError/],
  ['memory', 'var all = []; while (true) all.push(new Uint8Array(1e6));', /more than 16 MB|ran longer/],
  ['native loop', 'new Array(5e7).join("ab");', /could not be interrupted|more than 16 MB/],
  [
    'catastrophic regular expression',
    '/^(a+)+$/.test("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");',
    /ran longer than 50 ms/,
  ],
  ['recursion', 'function f() { return f() + 1; } f();', /called itself too deeply/],
  [
    'recursion of JSON',
    'var a = []; for (var i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a);',
    /too deeply|16 MB|ran longer/,
  ],
  ['recursion of a getter', 'var o = { get a() { return o.a; } }; o.a;', /called itself too deeply/],
  ['huge output', 'return { data: "x".repeat(100000) };', /100002 characters; 65536 is the most|100011 characters/],
  [
    'shared output',
    'var a = []; for (var i = 0; i < 40; i++) a = [a, a]; return { data: a };',
    /could not be interrupted|more than 16 MB|too long/,
  ],
  ['output that never ends', 'return { data: { toJSON: function () { while (true); } } };', /ran longer than 50 ms/],
  [
    'output behind a proxy',
    'return { data: new Proxy({}, { ownKeys: function () { while (true); } }) };',
    /ran longer than 50 ms/,
  ],
  [
    'an error that never ends',
    'var e = new Error("x"); Object.defineProperty(e, "message", { get: function () { while (true); } }); throw e;',
    /ran longer than 50 ms/,
  ],
  ['promises', 'return (async function () { while (true) await 1; })();', /promise/],
  ['a generator', 'for (var x of (function* () { while (true) yield 1; })());', /ran longer than 50 ms/],
  [
    'sorting',
    'var a = []; for (var i = 0; i < 1e5; i++) a.push(i); while (true) a.sort(function () { return Math.random() - 0.5; });',
    /ran longer than 50 ms|16 MB/,
  ],
  ['process', 'return { data: this.constructor.constructor("return process")() };', /process|undefined/],
])('%s', { timeout: 30_000 }, async (name, worst, reason) => {
  const hostile = script(name, worst);
  await runner.decode([{ script: hostile, frame: frame(0) }]); // compiled: what is measured is the call
  const [bad, next, ofOther] = await runner.decode([
    { script: hostile, frame: frame(1) },
    { script: hostile, frame: frame(0) },
    { script: other, frame: frame(0) },
  ]);
  if (bad?.kind !== 'failed') throw new Error(JSON.stringify(bad)?.slice(0, 300));
  expect(bad.errors.join()).toMatch(reason);
  expect(bad.cpuMs).toBeLessThanOrEqual(2 * BUDGET_MS);
  expect(next).toMatchObject({ kind: 'decoded', data: GOOD });
  expect(ofOther).toMatchObject({ kind: 'decoded', data: GOOD });
});

it.each([
  ['prototype edits', 'Array.prototype.join = function () { return "bad"; }; Object.prototype.bad = 1;'],
  ['JSON replaced', 'JSON.stringify = JSON.parse = function () { return "bad"; };'],
  [
    'everything deleted',
    'Object.getOwnPropertyNames(globalThis).forEach(function (n) { try { delete globalThis[n]; } catch (e) {} });',
  ],
  [
    'everything frozen',
    'Object.getOwnPropertyNames(globalThis).forEach(function (n) { var v = globalThis[n]; if (v && v.prototype) Object.freeze(v.prototype); });',
  ],
  ['toJSON on everything', 'Object.prototype.toJSON = function () { return "bad"; };'],
  [
    'setters on everything',
    'Object.defineProperty(Object.prototype, "data", { set: function () {}, get: function () { return "bad"; }, configurable: false });',
  ],
  [
    'iteration broken',
    'Array.prototype[Symbol.iterator] = function () { throw 1; }; Object.setPrototypeOf(Array.prototype, null);',
  ],
])('%s harm nobody but the call itself', async (name, worst) => {
  const hostile = script(`${name} (edits)`, worst);
  const bytes = [0, 1, 0, 1, 0, 0];
  const answers = await runner.decode(
    bytes.flatMap((b) => [
      { script: hostile, frame: frame(b) },
      { script: other, frame: frame(0) },
    ]),
  );
  for (const [i, answer] of answers.entries()) {
    if (i % 2 === 1 || bytes[i / 2] === 0) expect(answer).toMatchObject({ kind: 'decoded', data: GOOD });
  }
});
