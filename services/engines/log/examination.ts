/** Starts `examine.ts` in a process of its own and reads what it says before it ends, or crashes. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Findings {
  /** It read to the end. Without it the process crashed, or took too long. */
  done: boolean;
  bad: { key: Buffer; bytes: number }[];
  /** When copying: the last key that is safe in the copy. */
  at?: Buffer;
  /** How it ended, for people. */
  detail: string;
}

const SCRIPT = fileURLToPath(new URL('./examine.ts', import.meta.url));
/** 256 MB at 5 MB a second: slower disks do not keep up with devices either. */
const DEADLINE_MS = 60_000;

export async function examine(args: readonly string[], deadlineMs = DEADLINE_MS): Promise<Findings> {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  const ended = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal ? `ended by ${signal}` : `exit code ${code}`));
  });
  clearTimeout(timer);
  const findings: Findings = { done: false, bad: [], detail: ended };
  for (const line of output.split('\n')) {
    const [word, key = '', bytes] = line.split(' ');
    if (word === 'done') findings.done = true;
    else if (word === 'at') findings.at = Buffer.from(key, 'hex');
    else if (word === 'bad') findings.bad.push({ key: Buffer.from(key, 'hex'), bytes: Number(bytes) });
  }
  if (!findings.done) findings.detail += `; ${errors.trim().split('\n').at(-1) ?? ''}`;
  else if (findings.bad.length > 0) findings.detail = `${findings.bad.length} records with a wrong checksum`;
  return findings;
}
