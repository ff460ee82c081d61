/** Arbitrary data and arbitrary frames come out of the sandbox as they do of bare `node:vm`. */
import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { CodecScript, Frame } from '../../model/codec.ts';
import { createCodecRunner } from './codec-runner.ts';

const runner = createCodecRunner();
afterAll(() => runner.close());
let scripts = 0;

/** `data` of both for the same frames. */
async function both(text: string, frames: readonly Frame[]): Promise<{ ours: unknown[]; bare: unknown[] }> {
  const script: CodecScript = { id: `same-${++scripts}`, version: 1, signature: 'ts013', script: text };
  const answers = await runner.decode(frames.map((frame) => ({ script, frame })));
  const ours = answers.map((a) => (a.kind === 'decoded' ? a.data : a));
  const context = createContext({ Buffer });
  runInContext(text, context);
  const bare = frames.map((f) => {
    context.input = { bytes: [...f.bytes], fPort: f.fPort, recvTime: new Date(f.recvTime), variables: f.variables };
    return JSON.parse(runInContext('JSON.stringify(decodeUplink(input).data)', context) as string) as unknown;
  });
  return { ours, bare };
}
const frameOf = (bytes: Uint8Array, fPort = 1, variables: Record<string, string> = {}): Frame => ({
  bytes,
  fPort,
  recvTime: Date.UTC(2026, 10, 24),
  variables,
});
const anyFrame = fc
  .record({
    bytes: fc.uint8Array({ maxLength: 242 }),
    fPort: fc.integer({ min: 1, max: 223 }),
    variables: fc.dictionary(fc.string(), fc.string({ unit: 'binary' }), { maxKeys: 5 }),
  })
  .map(({ bytes, fPort, variables }) => frameOf(bytes, fPort, variables));

it('whatever JSON can say', async () => {
  const value = fc
    .jsonValue({ maxDepth: 4 })
    .filter((v) => typeof v === 'object' && v !== null && JSON.stringify(v).length < 50_000);
  await fc.assert(
    fc.asyncProperty(value, async (data) => {
      const text = `function decodeUplink() { return { data: JSON.parse(${JSON.stringify(JSON.stringify(data))}) }; }`;
      const { ours, bare } = await both(text, [frameOf(new Uint8Array(1))]);
      expect(ours).toEqual(bare);
    }),
    { numRuns: 60 },
  );
});

it('whatever is in a frame', async () => {
  const text = `
    var names = ['a', 'b', 'c'];
    function decodeUplink(input) {
      var b = input.bytes, sum = 0, out = {};
      for (i = 0; i < b.length; i++) { sum = (sum * 31 + b[i]) | 0; out[names[i % 3] + i] = b[i] > 127 ? b[i] - 256 : b[i] / 7; }
      var view = new DataView(new Uint8Array(b).buffer);
      if (b.length >= 8) { out.f = view.getFloat32(0); out.d = view.getFloat64(0, true); out.fixed = view.getInt32(4).toFixed(2); }
      out.hex = Buffer.from(b).toString('hex'); out.text = Buffer.from(b).toString('utf8'); out.b64 = Buffer.from(b).toString('base64');
      out.time = input.recvTime.toISOString(); out.port = input.fPort; out.vars = input.variables; out.sum = sum;
      out.parts = out.hex.match(/../g); out.sorted = b.slice().sort(function (x, y) { return x - y; });
      return { data: out };
    }`;
  await fc.assert(
    fc.asyncProperty(fc.array(anyFrame, { minLength: 1, maxLength: 20 }), async (frames) => {
      const { ours, bare } = await both(text, frames);
      expect(ours).toEqual(bare);
    }),
    { numRuns: 30 },
  );
});

it('whatever text is a script: an answer or a reason, and the next script is none the wiser', async () => {
  const pieces = fc.constantFrom(
    'function decodeUplink(i) {',
    'return',
    '{',
    '}',
    '(',
    ')',
    'data:',
    'i.bytes',
    '=>',
    'var x',
    '=',
    '1',
    ';',
    '`',
    '/*',
    '//',
    '"use strict";',
    'while(1)',
    'delete',
    'globalThis',
    '[',
    ']',
    'async',
    'yield',
    '\u2028',
    '-->',
  );
  const good: CodecScript = {
    id: 'good',
    version: 1,
    signature: 'ts013',
    script: 'function decodeUplink(i) { return { data: i.bytes }; }',
  };
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 30 }), async (parts) => {
      const script: CodecScript = { id: `text-${++scripts}`, version: 1, signature: 'ts013', script: parts.join(' ') };
      const [any, next] = await runner.decode([
        { script, frame: frameOf(Uint8Array.of(1)) },
        { script: good, frame: frameOf(Uint8Array.of(7)) },
      ]);
      expect(['decoded', 'failed']).toContain(any?.kind);
      expect(next).toMatchObject({ kind: 'decoded', data: [7] });
    }),
    { numRuns: 60 },
  );
});
