/** Settings of sources: what is refused and where, secrets that stay secret, topics with named parts, placeholders. */
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { hideSecrets, mentionedSecrets, withSecrets } from './secrets.ts';
import { hostsOf, SETTINGS, settingsFault } from './settings.ts';
import { fillBody, fillUrl } from './template.ts';
import { topicPattern, topicPatternFault } from './topic-pattern.ts';

const pull = (request: object, more: object = {}): unknown =>
  Value.Default(SETTINGS['http-pull'], {
    schedule: { everyMinutes: 15 },
    request: { url: 'https://api.example/v1', ...request },
    records: '$',
    ...more,
  });

describe('settings of a source that is asked', () => {
  it.each([
    ['fine', {}, {}, undefined],
    ['an expression that is none', {}, { records: 'a[' }, '/records'],
    ['a key in plain', { headers: { 'X-Api-Key': 'abc' } }, {}, '/request/headers/X-Api-Key'],
    ['a key by its name', { headers: { 'X-Api-Key': '{secret:K}' } }, {}, undefined],
    ['a body without POST', { body: '{}' }, {}, '/request/body'],
    ['a period without a window', { url: 'https://api.example/?f={from}' }, {}, '/window'],
    ['a window without a period', {}, { window: {} }, '/request/url'],
    ['pages without their number', {}, { paging: { kind: 'page' } }, '/request/url'],
    ['a bookmark without its place', {}, { paging: { kind: 'cursor', cursor: 'next' } }, '/request/url'],
    ['a place without its bookmark', { url: 'https://api.example/?c={cursor}' }, {}, '/paging'],
    ['a faulty link', {}, { paging: { kind: 'next', next: '(' } }, '/paging/next'],
  ])('%s', (_name, request, more, pointer) => {
    const settings = pull(request, more);
    expect([...Value.Errors(SETTINGS['http-pull'], settings)]).toEqual([]);
    expect(settingsFault('http-pull', settings)?.pointer).toBe(pointer);
  });

  it.each([
    'https://{secret:HOST}/x',
    'https://user:pw@api.example/',
    'ftp://api.example/',
    'https://api.example\n/x',
    'https://',
  ])('refuses the address %j', (url) => {
    expect(Value.Check(SETTINGS['http-pull'], pull({ url }))).toBe(false);
  });

  it('takes passwords only by their names', () => {
    const authentication = { kind: 'basic', username: 'u', password: 'in plain' };
    expect(Value.Check(SETTINGS['http-pull'], pull({}, { authentication }))).toBe(false);
  });

  it('tells every host that secrets are sent to', () => {
    const authentication = {
      kind: 'oauth2',
      tokenUrl: 'https://Login.example:8443/t',
      clientId: 'c',
      clientSecret: '{secret:S}',
    };
    expect([...hostsOf('http-pull', pull({}, { authentication }))]).toEqual([
      'https://api.example',
      'https://login.example:8443',
    ]);
  });
});

describe('settings of a source that is listened to', () => {
  it.each([
    [{ topics: ['bins/{device}'], payload: 'json' }, undefined],
    [{ topics: ['bins/+'], payload: 'bytes' }, '/topics/0'],
    [{ topics: ['bins/{device}', 'a/#/b'], payload: 'json' }, '/topics/1'],
    [{ topics: ['bins/+'], payload: 'mapped' }, '/records'],
    [{ topics: ['bins/+'], payload: 'mapped', records: '$' }, undefined],
    [{ topics: ['bins/{device}'], payload: 'json', records: '$' }, '/records'],
  ])('%j', (more, pointer) => {
    const settings = Value.Default(SETTINGS.mqtt, { url: 'mqtts://broker.example', ...more });
    expect([...Value.Errors(SETTINGS.mqtt, settings)]).toEqual([]);
    expect(settingsFault('mqtt', settings)?.pointer).toBe(pointer);
  });
});

describe('topics', () => {
  it('are matched level by level, and their parts have names', () => {
    const { filter, match } = topicPattern('{site}/bins/{device}/+/#');
    expect(filter).toBe('+/bins/+/+/#');
    expect(match('a/bins/b/c')).toEqual({ site: 'a', device: 'b' });
    expect(match('a/bins/b/c/d/e')).toEqual({ site: 'a', device: 'b' });
    expect(match('a/lamps/b/c')).toBeUndefined();
    expect(match('a/bins/b')).toBeUndefined();
    expect(topicPattern('a/{device}').match('a/b/c')).toBeUndefined();
  });

  it.each(['a/#/b', 'a{b}/c', '{a}/{a}', 'a+/b', '{1}/b'])('refuses %s', (pattern) => {
    expect(topicPatternFault(pattern)).toBeDefined();
  });
});

describe('secrets', () => {
  it('are found wherever they are mentioned, and put in where they are needed', () => {
    expect([...mentionedSecrets({ a: '{secret:A}', b: [{ c: 'x {secret:B_2} {secret:A}' }] })]).toEqual(['A', 'B_2']);
    expect(withSecrets('key={secret:A}', { A: 'ø&' }, encodeURIComponent)).toBe('key=%C3%B8%26');
    expect(() => withSecrets('{secret:toString}', {})).toThrow('toString');
  });

  it('are hidden in what others say', () => {
    expect(hideSecrets('key abcdef and abcdef, x', { A: 'abcdef', B: 'x' })).toBe('key *** and ***, x');
  });
});

describe('placeholders', () => {
  const filling = { cursor: '{secret:A} "&', page: 3, from: Date.parse('2026-11-23T12:00:00Z'), to: 1_000_500 };

  it('are encoded for an address, and what is put in is not looked through again', () => {
    const url = fillUrl('https://h.example/{page}?c={cursor}&f={from}&k={secret:A}', filling, 'rfc3339', { A: '{to}' });
    expect(url.href).toBe('https://h.example/3?c=%7Bsecret%3AA%7D%20%22%26&f=2026-11-23T12%3A00%3A00.000Z&k=%7Bto%7D');
  });

  it('are escaped for a JSON body', () => {
    const body = fillBody('{"c":"{cursor}","t":{to},"k":"{secret:A}"}', filling, 'epoch-s', { A: '"x"' });
    expect(JSON.parse(body)).toEqual({ c: '{secret:A} "&', t: 1000, k: '"x"' });
  });

  it.each([
    ['epoch-ms', '1000500'],
    ['epoch-s', '1000'],
    ['date', '1970-01-01'],
    ['rfc3339', '1970-01-01T00:16:40.500Z'],
  ] as const)('times as %s', (format, expected) => {
    expect(fillBody('{to}', filling, format, undefined)).toBe(expected);
  });
});
