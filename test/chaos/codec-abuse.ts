/**
 * A hostile codec beside good ones (issue 4): frames that hang, in native loops and in others, arrive twice a second. The
 * throughput of the good ones falls by at most a quarter in the first 5 s and by at most 5 % after, when the hostile one is
 * set aside; every good frame is read right.
 */
import { createCodecRunner } from '../../services/engines/codecs/codec-runner.ts';
import type { CodecScript, DecodeJob } from '../../services/model/codec.ts';

const FIRST_S = 5;
const AFTER_S = 5;
const MOST_LOST_FIRST = 0.25;
const MOST_LOST_AFTER = 0.05;
/** A machine that was busy elsewhere in one of the two halves is measured again; what is really slower stays slower. */
const ROUNDS = 3;
const HOSTILE_EVERY_MS = 500;
const BATCH = 128;

const good: CodecScript[] = Array.from({ length: 8 }, (_, i) => ({
  id: `good-${i}`,
  version: 1,
  signature: 'ts013',
  script: `function decodeUplink(input) {
    var b = input.bytes, data = {};
    for (var i = 0; i + 2 < b.length; i += 3) data['value' + b[i]] = (b[i + 1] << 8) + b[i + 2];
    return { data: data };
  }`,
}));
const WORST = [
  'new Array(5e7).join("ab");',
  'while (true);',
  'var a = []; for (var i = 0; i < 40; i++) a = [a, a]; return { data: a };',
  '/^(a+)+$/.test("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");',
];

const hostile = (worst: string, i: number): CodecScript => ({
  id: `hostile-${i}`,
  version: 1,
  signature: 'ts013',
  script: `function decodeUplink() { ${worst} }`,
});
const frame = { bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), fPort: 1, recvTime: 0, variables: {} };
const EXPECTED = JSON.stringify({ value1: 515, value4: 1286, value7: 2057 });
const jobs: DecodeJob[] = Array.from({ length: BATCH }, (_, i) => ({
  script: good[i % good.length] as CodecScript,
  frame,
}));

export async function codecAbuse(): Promise<{ ok: boolean; text: string }> {
  const told: string[] = [];
  let wrong = 0;
  const text: string[] = [];
  const problems: string[] = [];
  for (const [i, worst] of WORST.entries()) {
    const runner = createCodecRunner({ onSetAside: ({ id }) => told.push(id) });
    /** Frames a second of the good ones, one batch behind the other, as decode asks. */
    const rate = async (seconds: number): Promise<number> => {
      const began = performance.now();
      let frames = 0;
      while (performance.now() - began < seconds * 1000) {
        for (const answer of await runner.decode(jobs)) {
          if (answer.kind !== 'decoded' || JSON.stringify(answer.data) !== EXPECTED) wrong++;
          frames++;
        }
      }
      return frames / ((performance.now() - began) / 1000);
    };
    let first = 0;
    let after = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await rate(1);
      const before = await rate(FIRST_S);
      const script = { ...hostile(worst, i), version: round + 1 };
      const answers: Promise<unknown>[] = [];
      const timer = setInterval(() => answers.push(runner.decode([{ script, frame }])), HOSTILE_EVERY_MS);
      first = (await rate(FIRST_S)) / before;
      after = (await rate(AFTER_S)) / before;
      clearInterval(timer);
      await Promise.all(answers);
      if (first >= 1 - MOST_LOST_FIRST && after >= 1 - MOST_LOST_AFTER) break;
    }
    await runner.close();
    const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
    text.push(`${worst.slice(0, 26)}: ${percent(first)} of before in the first ${FIRST_S} s, ${percent(after)} after`);
    if (first < 1 - MOST_LOST_FIRST || after < 1 - MOST_LOST_AFTER) problems.push(`${worst} slowed the others down`);
    if (!told.includes(`hostile-${i}`)) problems.push(`${worst} was not set aside`);
  }
  if (wrong > 0) problems.push(`${wrong} good frames were not read right`);
  return { ok: problems.length === 0, text: [text.join('; '), ...problems].join('\n  ') };
}
