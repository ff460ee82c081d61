/** The devices of a crash test: registered, published for by a process of their own, and its record of what was promised. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Platform, register } from '../lib/platform.ts';
import type { ChaosDevice } from './generator.ts';

const DEVICES = 12;
/** What is in flight at the end is acknowledged well within this; else the generator is ended and the record stands as it is. */
const DRAIN_MS = 30_000;

export interface Fleet {
  ids: readonly string[];
  /** File of what was intended and what was acknowledged. */
  record: string;
  /** Publishes no more; resolves when everything in flight is acknowledged. */
  stop(): Promise<void>;
}

export interface FleetOptions {
  platform: Platform;
  /** Where the record is kept. */
  dir: string;
  /** Messages a second of each device; as many as are acknowledged when absent. */
  rate?: number;
}

export async function startFleet({ platform, dir, rate }: FleetOptions): Promise<Fleet> {
  const folder = join(dir, 'generator');
  mkdirSync(folder);
  const record = join(folder, 'record');
  const devicesFile = join(folder, 'devices.json');
  writeFileSync(record, '');
  const ids = Array.from({ length: DEVICES }, (_, i) => `chaos-${i}`);
  const secrets = await register(platform, ids);
  const devices: ChaosDevice[] = ids.map((id, i) => ({
    id,
    secret: secrets.get(id) ?? '',
    timed: i % 2 === 0,
    from: 0,
  }));
  writeFileSync(devicesFile, JSON.stringify(devices));
  const file = resolve(import.meta.dirname, 'generator.ts');
  const args = [file, String(platform.mqttPort), record, devicesFile, ...(rate === undefined ? [] : [String(rate)])];
  const generator = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise<void>((done) => generator.once('exit', () => done()));
  return {
    ids,
    record,
    async stop() {
      generator.kill('SIGTERM');
      const stuck = setTimeout(() => generator.kill('SIGKILL'), DRAIN_MS);
      await ended;
      clearTimeout(stuck);
    },
  };
}
