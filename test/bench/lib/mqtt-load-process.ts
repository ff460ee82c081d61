/** The load generator in a process of its own, so that it takes no time of the one it measures. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type LoadOptions, type LoadResult, runLoad } from './mqtt-load.ts';
import { readingTemplate } from './reading-template.ts';

/** What can be said in JSON. Payloads are those of `readingTemplate`. */
export interface LoadTask extends Omit<LoadOptions, 'username' | 'password' | 'payload' | 'acked'> {
  /** Device of connection n is `{prefix}{n}`, its password from the list. No login when absent. */
  login?: { prefix: string; passwords: readonly string[] };
  /** Time of the first message, epoch ms; each next one of a connection is a millisecond later. */
  firstTime: number;
}

/** Resolves with the result. @throws Error with what the process said when it failed. */
export async function spawnLoad(task: LoadTask): Promise<LoadResult> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  child.stdin.end(JSON.stringify(task));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`load generator ended with ${code}: ${err}`);
  return JSON.parse(out) as LoadResult; // printed below
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { login, firstTime, ...options } = JSON.parse(await text(process.stdin)) as LoadTask; // given by spawnLoad
  const result = await runLoad({
    ...options,
    ...(login && {
      username: (n: number) => `${login.prefix}${n}`,
      password: (n: number) => login.passwords[n] ?? '',
    }),
    payload: readingTemplate(firstTime),
  });
  process.stdout.write(JSON.stringify(result));
}
