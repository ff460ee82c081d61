/** Failed logins: who is slowed down, and who is not. */
import { describe, expect, test } from 'vitest';
import { LoginLimiter } from './login-limiter.ts';
import { Harness } from './testing/harness.ts';

const NAT = '192.0.2.1';

describe('the failed-login limiter', () => {
  test('refuses a name from an address after ten failures, for a while', () => {
    const limiter = new LoginLimiter({ failures: 10, halfLifeMs: 30_000 });
    for (let i = 0; i < 10; i++) {
      expect(limiter.allows('d1', NAT, 0)).toBe(true);
      limiter.failed('d1', NAT, 0);
    }
    expect(limiter.allows('d1', NAT, 0)).toBe(false);
    expect(limiter.allows('d1', NAT, 30_000)).toBe(true);
  });

  test('does not punish the others behind one address, nor the device at its own', () => {
    const limiter = new LoginLimiter();
    for (let i = 0; i < 1000; i++) limiter.failed('d1', NAT, 0);
    expect(limiter.allows('d2', NAT, 0)).toBe(true);
    expect(limiter.allows('d1', '198.51.100.7', 0)).toBe(true);
  });

  test('forgets failures after a success', () => {
    const limiter = new LoginLimiter();
    for (let i = 0; i < 9; i++) limiter.failed('d1', NAT, 0);
    limiter.succeeded('d1', NAT);
    limiter.failed('d1', NAT, 0);
    expect(limiter.allows('d1', NAT, 0)).toBe(true);
  });

  test('whoever sprays names makes nobody else look guilty', () => {
    const limiter = new LoginLimiter();
    for (let i = 0; i < 200_000; i++) limiter.failed(`x${i}`, NAT, 0);
    for (let i = 0; i < 1000; i++) expect(limiter.allows(`d${i}`, NAT, 0)).toBe(true);
  });

  test('counts a whole /64 of IPv6 as one address', () => {
    const limiter = new LoginLimiter();
    for (let i = 0; i < 10; i++) limiter.failed('d1', `2001:db8:1:2::${i.toString(16)}`, 0);
    expect(limiter.allows('d1', '2001:db8:1:2:ffff::1', 0)).toBe(false);
    expect(limiter.allows('d1', '2001:db8:1:3::1', 0)).toBe(true);
    expect(limiter.allows('d1', '2001:db8::1', 0)).toBe(true);
  });

  test('at the door: a wrong secret is refused unheard in the end, others behind the same address get in', async () => {
    await using h = await Harness.start();
    const wrong = { password: Buffer.from('wrong') };
    for (let i = 0; i < 10; i++) expect(await h.client().connect(wrong)).toMatchObject({ returnCode: 4 });
    const { asked } = h.registry;
    expect(await h.client().connect(wrong)).toMatchObject({ returnCode: 5 });
    expect(h.registry.asked).toBe(asked); // costs the registry nothing
    expect(await h.refused('too-many-failures')).toBe(1);
    await h.connected({ username: 'd2', password: Buffer.from('secret-d2') });
  });
});
