import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { printConfig, readConfig } from './config.ts';

const dir = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('configuration', () => {
  test('everything has a default', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      httpPort: 8080,
      mqttPort: 1883,
      mqttLivePort: 'off',
      mqttsPort: 'off',
      deviceRate: 20,
    });
    expect(config.adminToken).toBeUndefined();
    expect(config.keyFile).toBe(`${config.dataDir}.key`);
  });

  test.each([
    ['SANSEVAERK_HTTP_PORT', 'off'],
    ['SANSEVAERK_HTTP_PORT', '65536'],
    ['SANSEVAERK_MQTT_PORT', 'http'],
    ['SANSEVAERK_DEVICE_RATE', '0'],
    ['SANSEVAERK_LOG_RETENTION', '-1'],
    ['SANSEVAERK_LOG_URL', 'nats://a:4222'],
    ['SANSEVAERK_PUBLIC_URL', 'ftp://a'],
    ['SANSEVAERK_LOG_LEVEL', 'loud'],
  ])('%s=%s is refused in one line that says what is allowed', (variable, text) => {
    expect(() => readConfig({ [variable]: text })).toThrow(
      new RegExp(`^${variable}: "${text.replaceAll('/', '\\/')}" is not allowed; give [^\\n]+$`),
    );
  });

  test.each([
    ['SANSEVAERK_LOG_URL', 'nats://bob:hunter2@a:4222'],
    ['SANSEVAERK_REGISTRY_URL', 'postgres://bob:hunter2@a/b'],
    ['SANSEVAERK_PUBLIC_URL', 'https://bob:hunter2@a'],
    ['SANSEVAERK_SMTP_URL', 'http://bob:hunter2@a'],
  ])('%s: a password in an address is not said', (variable, text) => {
    expect(() => readConfig({ [variable]: text })).toThrow(/^SANSEVAERK_\w+: (?!.*hunter2)[^\n]+$/);
  });

  test('a misspelt variable is refused, not ignored', () => {
    expect(() => readConfig({ SANSEVAERK_HTTPPORT: '1' })).toThrow('there is no such variable');
  });

  test('a secret may come from a file, and is never shown', () => {
    const file = join(dir, 'token');
    writeFileSync(file, 'a-token-of-length-24-ok\n');
    expect(readConfig({ SANSEVAERK_ADMIN_TOKEN_FILE: file }).adminToken).toBe('a-token-of-length-24-ok');
    const shown = printConfig({ SANSEVAERK_ADMIN_TOKEN: 'a-token-of-length-24-ok' });
    expect(shown).toContain('SANSEVAERK_ADMIN_TOKEN=(set)');
    expect(shown).not.toContain('a-token');
    expect(() => readConfig({ SANSEVAERK_ADMIN_TOKEN: 'short' })).toThrow(
      /^SANSEVAERK_ADMIN_TOKEN: its value is not allowed/,
    );
    expect(() =>
      readConfig({ SANSEVAERK_ADMIN_TOKEN: 'a-token-of-length-24-ok', SANSEVAERK_ADMIN_TOKEN_FILE: file }),
    ).toThrow('not both');
  });

  test('certificate and key come together', () => {
    expect(() => readConfig({ SANSEVAERK_TLS_CERT: '/nowhere' })).toThrow('give both');
    expect(() => readConfig({ SANSEVAERK_TLS_CERT: '/nowhere', SANSEVAERK_TLS_KEY: '/nowhere' })).toThrow(
      'cannot be read',
    );
  });
});
