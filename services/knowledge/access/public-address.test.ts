import { describe, expect, it } from 'vitest';
import { isPrivateHost, isPublicAddress } from './public-address.ts';

describe('an address', () => {
  it.each([
    ['8.8.8.8', true],
    ['172.15.0.1', true],
    ['172.16.0.1', false],
    ['100.64.0.1', false],
    ['192.168.1.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['2a00:1450:4001::1', true],
    ['fe80::1', false],
    ['fd00::1', false],
    ['64:ff9b::a00:1', false],
    ['2002:a00:1::', false],
    ['::ffff:8.8.8.8', false],
    ['not an address', false],
  ])('%s is public: %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected);
  });
});

describe('the host of a URL', () => {
  it.each([
    ['http://10.0.0.7/', true],
    ['http://[fd00::1]/', true],
    ['http://2130706433/', true], // 127.0.0.1 as one number
    ['http://0x7f.1/', true],
    ['http://localhost:9000/', true],
    ['http://hook.LOCALHOST./', true],
    ['https://8.8.8.8/', false],
    ['https://[2a00:1450:4001::1]/', false],
    ['https://vagt.example/', false],
    ['https://localhost.example/', false],
  ])('%s is private as it stands: %s', (url, expected) => {
    expect(isPrivateHost(new URL(url).hostname)).toBe(expected);
  });
});
