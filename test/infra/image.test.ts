/** The image cannot be built here: this holds its recipe against the tree, and contained.server.test.ts runs what it would hold. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printConfig } from '../../services/config.ts';
import { copiesOf, environmentOf, filesSent, only, ROOT, readDockerfile } from './dockerfile.ts';

const stages = readDockerfile();
const final = stages.at(-1);
if (!final) throw new Error('no stages');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  workspaces: string[];
  devDependencies: Record<string, string>;
};

describe('infra/Dockerfile', () => {
  test('every file it copies is there, and .dockerignore lets it through', () => {
    const sources = stages.flatMap((stage) => copiesOf(stage).flatMap(({ from, sources }) => (from ? [] : sources)));
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((source) => filesSent(source).length === 0)).toEqual([]);
  });

  test('the manifest of every workspace is copied, or npm ci would refuse the lock file', () => {
    const copied = stages.flatMap((stage) => copiesOf(stage).flatMap(({ sources }) => sources));
    expect(manifest.workspaces.filter((workspace) => !copied.includes(`${workspace}/package.json`))).toEqual([]);
  });

  test('every stage another one copies from is a stage', () => {
    const names = stages.map(({ name }) => name);
    const from = stages.flatMap((stage) => copiesOf(stage).flatMap((copy) => copy.from ?? []));
    expect(from.filter((name) => !names.includes(name))).toEqual([]);
  });

  test("it runs on the project's own version of Node.js, and names the project's version", () => {
    const args = stages.flatMap(({ instructions }) => instructions.filter(({ name }) => name === 'ARG'));
    expect(args.map(({ text }) => text)).toEqual(
      expect.arrayContaining([`NODE_VERSION=${manifest.devDependencies.node}`, `VERSION=${manifest.version}`]),
    );
    const bases = stages.flatMap(({ instructions }) => instructions.filter(({ name }) => name === 'FROM'));
    for (const { text } of bases) expect(text).toMatch(/^(node:\$\{NODE_VERSION\}-bookworm-slim|manifests)( |$)/);
  });

  test('no install script of a package runs, and only what the lock file names is installed', () => {
    const installs = stages.flatMap(({ instructions }) =>
      instructions.filter(({ name, text }) => name === 'RUN' && /\bnpm\b/.test(text) && !/npm run/.test(text)),
    );
    expect(installs.length).toBe(2);
    for (const { text } of installs) expect(text).toMatch(/^npm ci .*--ignore-scripts/);
  });

  test('it runs as a user without a name or rights, and stops by the signal the platform obeys', () => {
    expect(only(final, 'USER')).toMatch(/^[1-9]\d{3,}:[1-9]\d{3,}$/);
    expect(only(final, 'STOPSIGNAL')).toBe('SIGTERM');
  });

  test('what it starts and what checks its health are in it', () => {
    const inside = copiesOf(final).flatMap(({ from, sources }) => (from ? [] : sources.flatMap(filesSent)));
    const commands = [only(final, 'ENTRYPOINT'), only(final, 'HEALTHCHECK').replace(/^.*CMD /, '')];
    for (const command of commands) {
      const [program, script] = JSON.parse(command) as string[];
      expect(program).toBe('node');
      expect(inside).toContain(script);
    }
  });

  test("Grafana's gateway brings all it imports: nothing of it is a package, or lies outside its folder", () => {
    const files = filesSent('dashboards/grafana/gateway');
    expect(files).toContain('dashboards/grafana/gateway/main.ts');
    const imported = files.flatMap((file) => [
      ...readFileSync(join(ROOT, file), 'utf8').matchAll(/^import (?!type\b).*from '([^']+)'/gm),
    ]);
    expect(imported.map(([, name = '']) => name).filter((name) => !/^(node:|\.\/)/.test(name))).toEqual([]);
  });

  test('every setting in it is one the platform knows, and what it writes lies on volumes', () => {
    const settings = Object.fromEntries(
      Object.entries(environmentOf(final)).filter(([name]) => name.startsWith('SANSEVAERK_')),
    );
    expect(() => printConfig(settings)).not.toThrow();
    const volumes = JSON.parse(only(final, 'VOLUME')) as string[];
    expect(volumes).toContain(settings.SANSEVAERK_DATA_DIR);
    expect(volumes).toContain(join(settings.SANSEVAERK_KEY_FILE ?? '', '..'));
  });
});

describe('.dockerignore', () => {
  test('keeps secrets, data, tests and installed packages out', () => {
    const sent = ['infra', 'services', 'dashboards', 'test', '.data', '.git/config'].flatMap(filesSent);
    expect(sent).toContain('services/main.ts');
    expect(
      sent.filter((f) => /^infra\/(secrets|\.env)|\.data|^\.git|^test\/|\.test\.ts$|node_modules|\/dist\//.test(f)),
    ).toEqual([]);
  });
});
