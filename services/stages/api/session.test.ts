import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const OURS = { 'x-sansevaerk': 'web' };
const cookieOf = (headers: Headers): string => (headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';

async function logIn(token: string): Promise<string> {
  const { status, headers } = await world.request('POST', '/api/v1/session', { token });
  expect(status).toBe(200);
  expect(headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict/);
  return cookieOf(headers);
}

describe('the browser session', () => {
  it('stands for a token until it is closed', async () => {
    const cookie = await logIn(tokenOf('egeby', 'manager'));
    expect((await world.request('GET', '/api/v1/session', undefined, undefined, { cookie })).body).toEqual({
      id: 'egeby-manager',
      organisation: 'egeby',
      role: 'manager',
      sample: false,
    });
    expect((await world.request('GET', '/api/v1/devices', undefined, undefined, { cookie })).status).toBe(200);
    expect((await world.request('DELETE', '/api/v1/session', undefined, undefined, { cookie, ...OURS })).status).toBe(
      204,
    );
    expect((await world.request('GET', '/api/v1/devices', undefined, undefined, { cookie })).status).toBe(401);
  });

  it('ends with its token', async () => {
    const admin = tokenOf('egeby', 'administrator');
    const { body } = await world.request('POST', '/api/v1/tokens', { name: 'x', role: 'reader' }, admin);
    const cookie = await logIn(body.token);
    expect((await world.request('GET', '/api/v1/devices', undefined, undefined, { cookie })).status).toBe(200);
    await world.request('DELETE', `/api/v1/tokens/${body.id}`, undefined, admin);
    expect((await world.request('GET', '/api/v1/devices', undefined, undefined, { cookie })).status).toBe(401);
  });

  it('is refused to who has no token', async () => {
    expect((await world.request('POST', '/api/v1/session', { token: 'guess' })).status).toBe(401);
    expect(
      (await world.request('GET', '/api/v1/session', undefined, undefined, { cookie: 'sansevaerk_session=guess' })).body
        .role,
    ).toBe('public');
  });

  it.each([
    ['without our header', {}],
    ['from another origin', { ...OURS, origin: 'https://evil.example' }],
    ['from another site', { ...OURS, 'sec-fetch-site': 'cross-site' }],
    ['from an origin that is none', { ...OURS, origin: 'null' }],
  ])('changes nothing %s', async (_name, headers) => {
    const cookie = await logIn(ADMIN);
    const body = { name: 'x', kind: 'municipality' };
    const answer = await world.request('PUT', '/api/v1/organisations/csrf', body, undefined, { cookie, ...headers });
    expect([answer.status, answer.body.code]).toEqual([403, 'cross-site']);
    const good = { cookie, ...OURS, origin: world.url };
    expect((await world.request('PUT', '/api/v1/organisations/csrf2', body, undefined, good)).status).toBeLessThan(300);
  });

  it('begins with the one-time link of the first start', async () => {
    const link = new URL(world.api.loginLink());
    const newest = new URL(world.api.loginLink());
    const use = (url: URL) => world.request('GET', url.pathname + url.search);
    expect((await use(link)).status).toBe(401); // only the newest works
    const { status, headers } = await use(newest);
    expect([status, headers.get('location')]).toEqual([303, '/']);
    const cookie = cookieOf(headers);
    expect((await world.request('GET', '/api/v1/session', undefined, undefined, { cookie })).body.role).toBe(
      'platform',
    );
    expect((await use(newest)).status).toBe(401);
  });

  it('takes a token as Basic sign-in too, as Excel sends it', async () => {
    const authorization = `Basic ${Buffer.from(`x:${tokenOf('egeby', 'reader')}`).toString('base64')}`;
    expect((await world.request('GET', '/api/v1/session', undefined, undefined, { authorization })).body.role).toBe(
      'reader',
    );
  });
});
