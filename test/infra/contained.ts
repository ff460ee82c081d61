/**
 * The platform as a container or the systemd unit would run it, without either: a root of its own that can only be read,
 * the paths of the image, no rights, a user without a name. Linux and root are needed to make the root; nothing of it stays.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The image's user; any number that is nobody's would do. */
const USER = 10001;
const UNSHARE = '/usr/bin/unshare';
const READY_MS = 60_000;
const STOP_MS = 60_000;

export interface ContainedOptions {
  /** Path inside → folder outside, read only. */
  readable: Record<string, string>;
  /** Paths inside that keep what is written to them, each a folder below `keep`. */
  writable: readonly string[];
  keep: string;
  cwd: string;
  env: Record<string, string>;
}

export interface Contained {
  http: string;
  stderr(): string;
  /** SIGTERM; resolves with the exit code and how long it took, ms. */
  stop(): Promise<{ code: number | null; ms: number }>;
}

export function canContain(): boolean {
  return process.getuid?.() === 0 && spawnSync(UNSHARE, ['--mount', 'true']).status === 0;
}

/** What mounts the root and gives the rights away; "$@" is then the command. Usr-merged systems have links at the top. */
function script({ readable, writable, keep, cwd }: ContainedOptions): string {
  const root = '/mnt';
  const readOnly = (outside: string, inside: string) => [
    `mkdir -p ${root}${inside}`,
    `mount --bind '${outside}' ${root}${inside}`,
    `mount -o remount,bind,ro ${root}${inside}`,
  ];
  return [
    'umask 022',
    `mount -t tmpfs -o mode=755,size=16m tmpfs ${root}`,
    `for link in bin lib lib64 sbin; do [ ! -e /$link ] || cp -P /$link ${root}/; done`,
    ...readOnly('/usr', '/usr'),
    ...readOnly('/etc', '/etc'),
    ...['/proc', '/dev'].flatMap((path) => [`mkdir ${root}${path}`, `mount --rbind ${path} ${root}${path}`]),
    ...Object.entries(readable).flatMap(([inside, outside]) => readOnly(outside, inside)),
    ...writable.flatMap((inside) => [
      `mkdir -p ${root}${inside}`,
      `mount --bind '${folder(keep, inside)}' ${root}${inside}`,
    ]),
    `mkdir ${root}/tmp`,
    `mount -t tmpfs -o size=64m,mode=1777,noexec,nosuid,nodev tmpfs ${root}/tmp`,
    `mount -o remount,ro ${root}`,
    `exec /usr/sbin/chroot ${root} setpriv --reuid=${USER} --regid=${USER} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all -- \\
       sh -c 'cd ${cwd} && exec "$@"' sh "$@"`,
  ].join('\n');
}

function folder(keep: string, inside: string): string {
  return join(keep, inside.replaceAll('/', '_'));
}

function spawnContained(command: readonly string[], options: ContainedOptions): ChildProcess {
  for (const inside of options.writable) {
    mkdirSync(folder(options.keep, inside), { recursive: true, mode: 0o700 });
    chownSync(folder(options.keep, inside), USER, USER);
  }
  return spawn(UNSHARE, ['--mount', '--', 'sh', '-euc', script(options), 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: options.env,
  });
}

/** Runs a command in there to its end. */
export async function runContained(
  command: readonly string[],
  options: ContainedOptions,
): Promise<{ code: number | null; output: string }> {
  const child = spawnContained(command, options);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output };
}

/** Starts a platform (or the gateway) in there; resolves with the address of its `ready` line. */
export async function startContained(command: readonly string[], options: ContainedOptions): Promise<Contained> {
  const child = spawnContained(command, options);
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const line = await new Promise<string>((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`not ready within ${READY_MS} ms:\n${stderr}`)), READY_MS);
    void ended.then((code) => {
      clearTimeout(timer);
      failed(new Error(`ended with ${code} before it was ready:\n${stderr}`));
    });
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (text) => {
        if (text.startsWith('ready ')) done(text);
      });
  });
  return {
    // It listens on every address; the loopback one is one of them.
    http: (/\bhttp=(\S+)/.exec(line)?.[1] ?? '').replace('0.0.0.0', '127.0.0.1'),
    stderr: () => stderr,
    async stop() {
      const began = performance.now();
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const code = await ended;
      clearTimeout(kill);
      return { code, ms: performance.now() - began };
    },
  };
}
