/** The compose files as Compose itself takes them: it checks them against its schema and fills in what .env would. */
import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { composed, hasCompose, INFRA } from './compose.ts';

const ALONE = ['compose.yaml'];
const TLS = { TLS_CERT: '/tmp/cert.pem', TLS_KEY: '/tmp/key.pem' };
const MAIN = globSync('compose*.yaml', { cwd: INFRA }).filter((file) => file !== 'compose.tls.yaml');

describe.skipIf(!hasCompose())('Compose itself (needs docker-compose, which needs no engine for this)', () => {
  test.each(MAIN.flatMap((file) => [{ files: [file] }, { files: [file, 'compose.tls.yaml'] }]))(
    'takes $files',
    ({ files }) => {
      const { services } = composed(files, TLS);
      expect(services.sansevaerk?.environment).toHaveProperty('SANSEVAERK_ADMIN_TOKEN_FILE');
      expect(services.sansevaerk?.read_only).toBe(true);
    },
  );

  test.each([
    { wrong: 'a key there is none of', more: 'services: {sansevaerk: {read_onyl: true}}', says: /read_onyl/ },
    { wrong: 'a value of another kind', more: 'services: {sansevaerk: {read_only: [1]}}', says: /read_only/ },
  ])('refuses $wrong', ({ more, says }) => {
    expect(() => composed(ALONE, {}, more)).toThrow(says);
  });

  test('refuses TLS without the files it needs', () => {
    expect(() => composed([...ALONE, 'compose.tls.yaml'])).toThrow(/TLS_CERT/);
  });

  test('what .env sets arrives', () => {
    const { services } = composed(ALONE, {
      WEB_LISTEN: '192.0.2.1:80',
      SANSEVAERK_PUBLIC_URL: 'https://iot.example.dk',
      SANSEVAERK_MEMORY: '8g',
    });
    expect(services.sansevaerk).toMatchObject({
      ports: ['192.0.2.1:80:8080/tcp', '127.0.0.1:1883:1883/tcp'],
      environment: { SANSEVAERK_PUBLIC_URL: 'https://iot.example.dk' },
      mem_limit: '8g',
    });
  });
});
