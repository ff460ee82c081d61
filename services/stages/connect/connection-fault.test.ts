import { expect, it } from 'vitest';
import { ConnectionFault, faultCodeOf } from './connection-fault.ts';

const withCode = (code: string | number): Error => Object.assign(new Error('x'), { code });

it.each([
  [withCode(4), 'login-refused'],
  [withCode(5), 'login-refused'],
  [withCode(2), 'client-refused'],
  [withCode(3), 'busy'],
  [withCode('ENOTFOUND'), 'unknown-host'],
  [withCode('ECONNREFUSED'), 'nobody-listens'],
  [withCode('EHOSTUNREACH'), 'unreachable'],
  [withCode('CERT_HAS_EXPIRED'), 'certificate'],
  [withCode('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'certificate'],
  [withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'certificate'],
  [withCode('ERR_SSL_WRONG_VERSION_NUMBER'), 'no-tls'],
  [new Error('connack timeout'), 'no-answer'],
  [new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')]), 'nobody-listens'],
  [withCode('ECONNRESET'), undefined],
  [new Error('anything else'), undefined],
  ['no error at all', undefined],
])('%s is told as %s', (error, code) => {
  expect(faultCodeOf(error)).toBe(code);
});

it('is a sentence in both languages', () => {
  const { text, message } = new ConnectionFault('login-refused');
  expect([text.da, text.en]).toEqual(['Serveren afviser brugernavn eller adgangskode.', message]);
});
