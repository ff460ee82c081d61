/** infra/Dockerfile and .dockerignore read as data: what is copied into the image, from where, and what it is started with. */
import { globSync, readFileSync } from 'node:fs';
import { join, matchesGlob, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

export interface Instruction {
  name: string;
  text: string;
}

export interface Copy {
  /** The stage it comes from; the build's context when absent. */
  from: string | undefined;
  sources: string[];
  target: string;
}

export interface Stage {
  name: string;
  instructions: Instruction[];
}

/** Instructions with continued lines joined and comments gone, by stage; what stands before the first FROM belongs to ''. */
export function readDockerfile(): Stage[] {
  const text = readFileSync(join(ROOT, 'infra/Dockerfile'), 'utf8');
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter(Boolean);
  const stages: Stage[] = [{ name: '', instructions: [] }];
  for (const line of lines) {
    const [name = '', ...rest] = line.split(' ');
    const instruction = { name, text: rest.join(' ').trim() };
    if (name === 'FROM') stages.push({ name: / AS (\S+)$/.exec(line)?.[1] ?? '', instructions: [] });
    stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

export function copiesOf({ instructions }: Stage): Copy[] {
  return instructions
    .filter(({ name }) => name === 'COPY')
    .map(({ text }) => {
      const from = /^--from=(\S+) /.exec(text)?.[1];
      const paths = text.replace(/^--from=\S+ /, '').split(/\s+/);
      return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
    });
}

/** `NAME=value` pairs of ENV, quotes gone. */
export function environmentOf({ instructions }: Stage): Record<string, string> {
  const pairs = instructions.filter(({ name }) => name === 'ENV').flatMap(({ text }) => text.split(/\s+/));
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2).map((part) => part.replace(/^"|"$/g, ''))));
}

/** The one instruction of this name, without its name. */
export function only({ instructions }: Stage, name: string): string {
  const found = instructions.filter((i) => i.name === name);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} ${name} in one stage`);
  return found[0].text;
}

/** Files below `source` that .dockerignore lets into the build, relative to the root. The last line that fits decides. */
export function filesSent(source: string): string[] {
  const patterns = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const fits = (path: string, pattern: string) =>
    [pattern, `${pattern}/**`].some((glob) => matchesGlob(path, glob)) || pattern === '*';
  const sent = (path: string): boolean => {
    let ignored = false;
    for (const pattern of patterns) {
      const keep = pattern.startsWith('!');
      if (fits(path, keep ? pattern.slice(1) : pattern)) ignored = !keep;
    }
    return !ignored;
  };
  return globSync([source, `${source}/**`], {
    cwd: ROOT,
    withFileTypes: true,
    exclude: (entry) => entry.name === 'node_modules',
  })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter(sent);
}
