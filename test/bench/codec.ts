/**
 * Scripts of ours in the sandbox against the same in bare `node:vm`. B9: over frames of the public vectors. `codec`: a
 * frame of ten bytes, against a figure of its own.
 *
 * `node:vm` is unsafe (it hands the whole process to a script); it is what remains without a sandbox. It is measured with
 * what the sandbox promises: the script compiled once and run anew for each frame, so that no variable of it reaches the
 * next, its answer taken as JSON. Without that promise (the functions kept, variables and all) it is quicker; that figure is
 * in the details.
 *
 * All rates are for one core: frames by second of processor time, of all threads of the process. Whatever else the machine
 * does meanwhile, and that the sandbox works beside whoever waits for it, makes no difference.
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { createContext, Script } from 'node:vm';
import { createCodecRunner } from '../../services/engines/codecs/codec-runner.ts';
import type { CodecAnswer, CodecScript, DecodeJob, Frame } from '../../services/model/codec.ts';
import { type BenchContext, judged, type Result, spread } from './lib/result.ts';

interface Vector {
  device: string;
  fPort: number | null;
  bytesHex: string;
}

const VECTORS = new URL('../cases/lorawan-codec-vectors/', import.meta.url);
/** Which script reads which devices of which vendor. */
const READS = [
  { script: 'decentlab', vendor: 'decentlab', devices: ['dl-5tm'] },
  { script: 'dragino-ldds75', vendor: 'dragino', devices: ['ldds75'] },
  { script: 'cayenne-lpp', vendor: 'mydevices', devices: ['cayenne'] },
] as const;
const BATCH = 240;
const TIME = Date.UTC(2026, 10, 24);

interface Case {
  script: CodecScript;
  frame: Frame;
}

function scriptOf(id: string): CodecScript {
  const script = readFileSync(new URL(`./codec-scripts/${id}.js`, import.meta.url), 'utf8');
  return { id, version: 1, signature: 'ts013', script };
}

function frameOf(bytesHex: string, fPort: number): Frame {
  return { bytes: Uint8Array.from(Buffer.from(bytesHex, 'hex')), fPort, recvTime: TIME, variables: {} };
}

function vectorCases(): Case[] {
  return READS.flatMap(({ script: id, vendor, devices }) => {
    const { vectors } = JSON.parse(readFileSync(new URL(`${vendor}/vectors.json`, VECTORS), 'utf8')) as {
      vectors: Vector[];
    };
    const script = scriptOf(id);
    return vectors
      .filter((v) => (devices as readonly string[]).includes(v.device))
      .map((v) => ({ script, frame: frameOf(v.bytesHex, v.fPort ?? 1) }));
  });
}

/** One way of running a script in `node:vm`; gives the answer to a frame as data. */
type Bare = (c: Case) => unknown;

function bare(keepsVariables: boolean): Bare {
  const contexts = new Map<string, { run: (input: string) => string }>();
  const call = new Script(
    `(function () {
       var given = JSON.parse(input);
       given.recvTime = new Date(given.recvTime);
       var decode = typeof decodeUplink === 'function' ? decodeUplink : module.exports.decodeUplink;
       return JSON.stringify(decode(given));
     })()`,
  );
  const open = ({ id, script }: CodecScript) => {
    const context = createContext({ module: { exports: {} }, input: '', Buffer });
    // In a function, else `const` of a script could be run only once.
    const text = `${script}\n;globalThis.decodeUplink = decodeUplink;`;
    const compiled = new Script(`(function () {${text}}).call(this)`, { filename: id });
    compiled.runInContext(context);
    return {
      run(input: string): string {
        if (!keepsVariables) compiled.runInContext(context);
        context.input = input;
        return call.runInContext(context) as string;
      },
    };
  };
  return ({ script, frame }) => {
    let context = contexts.get(script.id);
    if (!context) {
      context = open(script);
      contexts.set(script.id, context);
    }
    const { bytes, fPort, recvTime, variables } = frame;
    const input = JSON.stringify({ bytes: Array.from(bytes), fPort, recvTime, variables });
    return (JSON.parse(context.run(input)) as { data: unknown }).data;
  };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Frames a second of one core, for `ms`. */
function rateOfBare(run: Bare, cases: readonly Case[], ms: number): number {
  const began = performance.now();
  const cpu = cpuSeconds();
  let frames = 0;
  while (performance.now() - began < ms) {
    for (const c of cases) run(c);
    frames += cases.length;
  }
  return frames / (cpuSeconds() - cpu);
}

interface Seen {
  asked: number;
  decoded: number;
  equal: number;
}

/** Through the runner as decode uses it, the next batch waiting while one is read. Every answer is compared with the bare one. */
async function rateOfOurs(
  runner: ReturnType<typeof createCodecRunner>,
  cases: readonly Case[],
  expected: readonly unknown[],
  ms: number,
  seen: Seen,
) {
  const jobs: DecodeJob[] = Array.from({ length: BATCH }, (_, i) => cases[i % cases.length] as Case);
  const began = performance.now();
  const cpu = cpuSeconds();
  let frames = 0;
  const all: CodecAnswer[][] = [];
  const batch = async () => {
    while (performance.now() - began < ms) {
      all.push(await runner.decode(jobs));
      frames += jobs.length;
    }
  };
  await Promise.all([batch(), batch()]);
  const rate = frames / (cpuSeconds() - cpu);
  seen.asked += frames;
  for (const answers of all) {
    for (const [i, answer] of answers.entries()) {
      if (answer.kind !== 'decoded') continue;
      seen.decoded++;
      if (isDeepStrictEqual(answer.data, expected[i % cases.length])) seen.equal++;
    }
  }
  return rate;
}

async function measure(cases: readonly Case[], { quick }: BenchContext) {
  const runner = createCodecRunner();
  const anew = bare(false);
  const kept = bare(true);
  const expected = cases.map(anew);
  const ms = quick ? 800 : 2000;
  const rounds = quick ? 3 : 7;
  const seen: Seen = { asked: 0, decoded: 0, equal: 0 };
  const ours: number[] = [];
  const peer: number[] = [];
  const keeping: number[] = [];
  await rateOfOurs(runner, cases, expected, ms, { ...seen });
  rateOfBare(anew, cases, ms);
  for (let i = 0; i < rounds; i++) {
    ours.push(await rateOfOurs(runner, cases, expected, ms, seen));
    peer.push(rateOfBare(anew, cases, ms));
    keeping.push(rateOfBare(kept, cases, ms));
  }
  await runner.close();
  return { ours, peer, keeping, count: { acked: seen.asked, stored: seen.decoded, queryable: seen.equal } };
}

const ratios = (a: readonly number[], b: readonly number[]) => spread(a.map((value, i) => value / (b[i] as number)));

export async function codecVectors(context: BenchContext): Promise<Result[]> {
  const cases = vectorCases();
  context.say(`B9: ${cases.length} frames of the public vectors through ${READS.length} scripts`);
  const { ours, peer, keeping, count } = await measure(cases, context);
  return [
    judged({
      id: 'B9',
      what: 'codec decodes a second over the public vectors, in the sandbox and in bare node:vm',
      unit: 'frames/s of one core',
      ours: spread(ours),
      peer: {
        name: 'node:vm',
        version: process.version,
        settings: 'context reused, script run anew for each frame',
        ...spread(peer),
      },
      ratio: ratios(ours, peer),
      count,
      target: { of: 'ratio', atLeast: 0.5 },
      details: { keptVariables: spread(keeping), ratioToKeptVariables: ratios(ours, keeping), frames: cases.length },
    }),
  ];
}

export async function codec(context: BenchContext): Promise<Result[]> {
  context.say('codec: a frame of ten bytes through a script for Milesight');
  const { ours, peer, keeping, count } = await measure(
    [{ script: scriptOf('milesight'), frame: frameOf('01755c0367f60004685b', 85) }],
    context,
  );
  return [
    judged({
      id: 'codec',
      what: 'sandboxed decodes a second of a 10-byte Milesight frame',
      unit: 'frames/s of one core',
      ours: spread(ours),
      peer: null,
      ratio: null,
      count,
      target: { of: 'ours', atLeast: 20_000 },
      details: { bareAnew: spread(peer), bareKeptVariables: spread(keeping) },
    }),
  ];
}
