/** The compose files against the tree and the platform's settings, and closed as far as they can be. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settings } from '../../dashboards/grafana/gateway/settings.ts';
import { printConfig } from '../../services/config.ts';
import { INFRA, readCompose, wholeServices } from './compose.ts';
import { environmentOf, only, readDockerfile } from './dockerfile.ts';

const FILES = globSync('compose*.yaml', { cwd: INFRA }).sort();
const MAIN = FILES.filter((file) => file !== 'compose.tls.yaml');
const services = MAIN.flatMap((file) =>
  Object.entries(wholeServices(file)).map(([name, service]) => ({ name: `${name} of ${file}`, service })),
);

describe('against the tree', () => {
  test('every file they name is there, and every secret is one infra/make-secrets makes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sansevaerk-secrets-'));
    try {
      const made = spawnSync(join(INFRA, 'make-secrets'), [join(folder, 'secrets')], { encoding: 'utf8' });
      expect(made.status).toBe(0);
      const files = MAIN.flatMap((file) => {
        const { services, secrets } = readCompose(file);
        const mounts = Object.values(services).flatMap(({ volumes = [] }) => volumes.map((v) => v.split(':')[0] ?? ''));
        return [
          ...mounts.filter((path) => path.startsWith('.')).map((path) => resolve(INFRA, path)),
          ...Object.values(secrets ?? {}).map((secret) => join(folder, secret.file)),
        ];
      });
      expect(files.length).toBeGreaterThan(3);
      expect(files.filter((file) => !existsSync(file))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('every secret, volume and network a service names is declared', () => {
    for (const file of MAIN) {
      const { volumes = {}, networks = {}, secrets = {} } = readCompose(file);
      for (const [name, service] of Object.entries(wholeServices(file))) {
        const named = (service.volumes ?? []).map((v) => v.split(':')[0] ?? '').filter((v) => /^\w/.test(v));
        expect(Object.keys(volumes), `${name} of ${file}`).toEqual(expect.arrayContaining(named));
        expect(Object.keys(networks), `${name} of ${file}`).toEqual(expect.arrayContaining(service.networks ?? []));
        expect(Object.keys(secrets), `${name} of ${file}`).toEqual(expect.arrayContaining(service.secrets ?? []));
        const paths = Object.entries(service.environment ?? {}).filter(([, value]) =>
          value?.startsWith('/run/secrets/'),
        );
        for (const [, path] of paths) expect(service.secrets).toContain(path?.replace('/run/secrets/', ''));
      }
    }
  });

  test('every variable of a file stands in .env.example with its default, and the other way about', () => {
    const example = [...readFileSync(join(INFRA, '.env.example'), 'utf8').matchAll(/^#(\w+)=(.*)$/gm)];
    const text = FILES.map((file) => readFileSync(join(INFRA, file), 'utf8')).join('\n');
    const used = new Map([...text.matchAll(/\$\{(\w+)(?::[-?]([^}]*))?\}/g)].map(([, name = '', or]) => [name, or]));
    const handedOn = [...text.matchAll(/^ {6}([A-Z_]+):$/gm)].map(([, name = '']) => name);
    expect(example.map(([, name]) => name).sort()).toEqual([...new Set([...used.keys(), ...handedOn])].sort());
    for (const [, name = '', value] of example) {
      const fallback = used.get(name);
      if (/_(LISTEN|MEMORY|VERSION|LANGUAGE)$/.test(name)) expect(value, name).toBe(fallback);
    }
  });

  test('every setting of the platform is one it knows', () => {
    const platform = services.filter(({ service }) => service.build);
    expect(platform.length).toBe(MAIN.length);
    for (const { name, service } of platform) {
      const names = Object.keys(service.environment ?? {}).filter((key) => key.startsWith('SANSEVAERK_'));
      // Its _FILE twin names a file that is only there inside; what counts is that the setting exists.
      const known = printConfig({})
        .split('\n')
        .map((line) => line.split('=')[0]);
      expect(
        names.map((key) => key.replace(/_FILE$/, '')).filter((key) => !known.includes(key)),
        name,
      ).toEqual([]);
    }
  });

  test('the gateway takes its settings', () => {
    const { environment = {} } = readCompose('compose.influxdb.yaml').services['grafana-gateway'] ?? {};
    const set = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, value ?? undefined]));
    const read = settings(set, (path) => `the text of ${path}`);
    expect(read).toMatchObject({
      host: '0.0.0.0',
      platformUrl: 'http://sansevaerk:8080',
      overviewToken: 'the text of /run/secrets/grafana-token',
      engine: {
        kind: 'influxdb',
        url: 'http://influxdb:8086',
        database: 'readings',
        token: expect.stringMatching(/influxdb-token$/),
      },
    });
  });

  test("what Grafana's provisioning names is given to Grafana: variables, secrets, folders", () => {
    const {
      environment = {},
      secrets = [],
      volumes = [],
    } = readCompose('compose.influxdb.yaml').services.grafana ?? {};
    const folder = resolve(INFRA, '../dashboards/grafana/provisioning');
    const files = globSync('**/*.yaml', { cwd: folder });
    expect(files.length).toBeGreaterThan(1);
    const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
    const named = [...text.matchAll(/\$\{?([A-Z][A-Z_]+)/g)].map(([, name = '']) => name);
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(named));
    const read = [...text.matchAll(/\$__file\{([^}]+)\}/g)].map(([, path = '']) => path);
    expect(secrets.map((secret) => `/run/secrets/${secret}`)).toEqual(expect.arrayContaining(read));
    const mounts = volumes.map((volume) => volume.split(':'));
    for (const [, path = ''] of text.matchAll(/^ +path: (\/\S+)$/gm)) {
      const [outside, inside = ''] = mounts.find(([, inside = '']) => path.startsWith(`${inside}/`)) ?? [];
      for (const language of ['da', 'en']) {
        const there = join(
          INFRA,
          outside ?? '',
          path.slice(inside.length).replace('$SANSEVAERK_GRAFANA_LANGUAGE', language),
        );
        expect(globSync('*.json', { cwd: there }).length, there).toBeGreaterThan(0);
      }
    }
  });

  test('ports and volumes are those of the image', () => {
    const final = readDockerfile().at(-1);
    if (!final) throw new Error('no stages');
    const { service } = services.find(({ name }) => name === 'sansevaerk of compose.yaml') ?? {};
    const inside = (list: readonly string[] = [], part: number) => list.map((text) => text.split(':').at(part) ?? '');
    expect(inside(service?.volumes, 1).sort()).toEqual((JSON.parse(only(final, 'VOLUME')) as string[]).sort());
    const exposed = only(final, 'EXPOSE').split(' ');
    const published = [service, readCompose('compose.tls.yaml').services.sansevaerk].flatMap((s) =>
      inside(s?.ports, -1),
    );
    expect(published.sort()).toEqual(exposed.sort());
    expect(environmentOf(final).SANSEVAERK_HOST).toBe('0.0.0.0');
  });

  test('a stop gets more time than the platform takes for one', () => {
    for (const { name, service } of services.filter(({ service }) => service.build))
      expect(service.stop_grace_period, name).toBe('60s');
  });
});

describe('closed', () => {
  test.each(services)('$name has no rights, a root it cannot write, bounds, and a fixed version', ({ service }) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
      mem_limit: expect.stringMatching(/^\S+$/),
      pids_limit: expect.any(Number),
    });
    expect(service).not.toHaveProperty('privileged');
    expect(service.image).toMatch(/:v?\d+\.\d+\.\d+$|:\$\{SANSEVAERK_VERSION:-\d+\.\d+\.\d+\}$/);
  });

  test('ports are open on the loopback address until somebody decides otherwise; only MQTT over TLS faces the world', () => {
    const ports = FILES.flatMap((file) => Object.values(readCompose(file).services).flatMap((s) => s.ports ?? []));
    const open = ports.filter((port) => !/:-127\.0\.0\.1:\d+\}:\d+$/.test(port));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file
    expect(open).toEqual(['${MQTTS_LISTEN:-0.0.0.0:8883}:8883']);
  });

  test('Grafana and InfluxDB share no network, and InfluxDB has no way out', () => {
    const file = readCompose('compose.influxdb.yaml');
    const of = (name: string) => file.services[name]?.networks ?? [];
    expect(of('grafana').filter((network) => of('influxdb').includes(network))).toEqual([]);
    expect(of('influxdb').filter((network) => !file.networks?.[network]?.internal)).toEqual([]);
    expect(file.services.grafana?.secrets).not.toContain('influxdb-token');
  });

  test('no secret stands in a file: what is one comes from a file of its own', () => {
    for (const { name, service } of services)
      for (const [key, value] of Object.entries(service.environment ?? {}))
        if (/(TOKEN|PASSWORD|SECRET)(_FILE|__FILE)?$/.test(key))
          expect(value, `${key} of ${name}`).toMatch(/^\/run\/secrets\//);
  });
});

test('infra/make-secrets: long, unlike, closed to others, and kept the second time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sansevaerk-secrets-'));
  try {
    const run = () => spawnSync(join(INFRA, 'make-secrets'), [join(folder, 's')], { encoding: 'utf8' });
    expect(run().stdout.match(/^made /gm)?.length).toBe(5);
    const read = () => globSync('*', { cwd: join(folder, 's') }).map((f) => readFileSync(join(folder, 's', f), 'utf8'));
    const made = read();
    for (const secret of made) expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(made).size).toBe(5);
    expect(statSync(join(folder, 's')).mode & 0o777).toBe(0o700);
    expect(run()).toMatchObject({ status: 0, stdout: '' });
    expect(read()).toEqual(made);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
