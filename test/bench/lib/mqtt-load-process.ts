/** The load generator in a process of its own, so that it takes no time of the one it measures. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type LoadOptions, type LoadResult, runLoad } from './mqtt-load.ts';

/** What can be said in JSON. Payloads are readings of some 134 bytes, each with a time of its own. */
export interface LoadTask extends Omit<LoadOptions, 'username' | 'password' | 'payload' | 'acked'> {
  /** Device of connection n is `{prefix}{n}`, its password from the list. No login when absent. */
  login?: { prefix: string; passwords: readonly string[] };
  /** Time of the first message, epoch ms; each next one of a connection is a millisecond later. */
  firstTime: number;
}

/** Resolves with the result. @throws Error with what the process said when it failed. */
export function spawnLoad(task: LoadTask): Promise<LoadResult> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0)
        resolve(JSON.parse(out) as LoadResult); // printed below
      else reject(new Error(`load generator ended with ${code}: ${err}`));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { login, firstTime, ...options } = JSON.parse(process.argv[2] ?? '{}') as LoadTask; // given by spawnLoad
  const result = await runLoad({
    ...options,
    ...(login && {
      username: (n: number) => `${login.prefix}${n}`,
      password: (n: number) => login.passwords[n] ?? '',
    }),
    payload: (n, i) =>
      `{"time":${firstTime + i},"fillingLevel":${(i % 1000) / 10},"temperature":${((i * 7) % 300) / 10},"batteryVoltage":3.61,"distance":${1000 + (i % 500)},"rssi":-${80 + (n % 40)}}`,
  });
  process.stdout.write(JSON.stringify(result));
}
