import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTinyBroker } from '../testing/tiny-broker.ts';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sim-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

function sim(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], { maxBuffer: 1e7 }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

async function file(content: unknown): Promise<string> {
  const path = join(folder, 'devices.json');
  await writeFile(path, JSON.stringify(content));
  return path;
}

describe('sim', () => {
  it('explains itself, and prints the region as JSON', async () => {
    const [help, region] = await Promise.all([sim('--help'), sim('region', '--seed', '7')]);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('reordering');
    expect(JSON.parse(region.out)).toMatchObject({ seed: '7', banner: { da: 'Eksempeldata' } });
  });

  it('says in one line what is wrong', async () => {
    const wrong = await file([{ id: 'a', secret: 's', kind: 'toaster' }]);
    const results = await Promise.all([
      sim('run', '--mqtt', 'mqtt://127.0.0.1:9'),
      sim('run', '--mqtt', 'mqtt://127.0.0.1:9', '--devices', wrong),
      sim('replay', 'atlantis'),
      sim('run', '--sped', '3'),
    ]);
    expect(results.map((r) => r.code)).toEqual([1, 1, 1, 1]);
    expect(results[0]?.err).toBe('sim: run: give either --devices FILE or --region\n');
    expect(results[1]?.err).toContain('entry 1: no kind of device is called "toaster"');
    expect(results[2]?.err).toBe('sim: replay: name a data set: edinburgh, dtu, aarhus or all\n');
    expect(results[3]?.err).toContain("Unknown option '--sped'");
  });

  it('runs the devices of a file, the same messages for the same seed', async () => {
    const path = await file([{ id: 'bin-1', secret: 's', kind: 'waste-container', intervalSeconds: 600 }]);
    const run = async (): Promise<string[]> => {
      const broker = await startTinyBroker();
      const args = ['--speed', 'max', '--count', '30', '--start', '2026-11-01T00:00:00Z', '--seed', 'x'];
      const { code, err } = await sim('run', '--devices', path, '--mqtt', broker.url, ...args);
      await broker.close();
      expect(err).toBe('sent 30, acknowledged 30, unanswered 0, reconnections 0\n');
      expect(code).toBe(0);
      return broker.received.map((m) => m.payload);
    };
    const [first, second] = await Promise.all([run(), run()]);
    expect(first).toHaveLength(32); // with birth and farewell
    expect(second).toEqual(first);
  });

  it('is a LoRaWAN network server that prints what it would send', async () => {
    const args = ['--server', 'tts', '--model', 'dragino-ldds75', '--speed', 'max', '--count', '5', '--loss', '0'];
    const [sent, wrong] = await Promise.all([
      sim('lorawan', ...args, '--start', '2026-11-01T00:00:00Z'),
      sim('lorawan', '--server', 'sigfox'),
    ]);
    const topics = sent.out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { topic: string }).topic);
    const topic = 'v3/simulated@ttn/devices/ldds75-1';
    expect(topics).toEqual([`${topic}/join`, ...Array.from({ length: 5 }, () => `${topic}/up`)]);
    expect(sent).toMatchObject({ code: 0, err: 'sent 6, taken 6\n' });
    expect(wrong).toMatchObject({ code: 1, err: 'sim: lorawan: --server is chirpstack or tts\n' });
  });
});
