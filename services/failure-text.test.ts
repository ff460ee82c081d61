import { MessageChannel } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { ConfigError } from './config.ts';
import { remote, serve } from './engines/remote.ts';
import { failureText } from './failure-text.ts';
import { Unavailable } from './model/errors.ts';

const SETTING = 'SANSEVAERK_SERIES_URL: the bucket b is somebody else’s; give an empty one';

class WrongServer extends Error {
  override readonly name = 'WrongServer';
}

/** As an error arrives that another thread threw. */
async function fromAnotherThread(error: Error): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  serve(port1, { open: () => Promise.reject(error) });
  const thread = remote<{ open(): Promise<void> }>(port2, { timeoutMs: 2000 });
  const failure = await thread.open().catch((e: unknown) => e);
  port1.close();
  return failure;
}

describe('what the process says when it ends', () => {
  test.each([
    ['a setting', new ConfigError('--roles: there is no role x'), '--roles: there is no role x'],
    ['one that broke a thread', new Error('the thread store failed', { cause: new Unavailable(SETTING) }), SETTING],
    [
      'one told in several lines',
      new Unavailable('SANSEVAERK_SERIES_URL: it says\r\n  no\n'),
      'SANSEVAERK_SERIES_URL: it says no',
    ],
  ])('%s is one line', (_, error, line) => {
    expect(failureText(error)).toBe(line);
  });

  test.each([
    ['Unavailable', new Unavailable(SETTING)],
    ['a class of the engine', new WrongServer(SETTING)],
    ['with a cause', new Error(SETTING, { cause: new Error('404') })],
  ])('a setting refused in another thread is its line alone: %s', async (_, error) => {
    expect(failureText(await fromAnotherThread(error))).toBe(SETTING);
  });

  test('a file or port that is not ours is one line, also from another thread', async () => {
    const denied = Object.assign(new Error("EACCES: permission denied, open 'k'"), { code: 'EACCES' });
    const line = "EACCES: permission denied, open 'k'";
    expect(failureText(await fromAnotherThread(denied))).toBe(line);
    expect(failureText(new Error(`key file k: ${line}`, { cause: denied }))).toBe(`key file k: ${line}`);
    expect(failureText(new Error('the thread work failed', { cause: denied }))).toBe(`the thread work failed: ${line}`);
  });

  test('a bug is shown whole, with its cause', () => {
    const text = failureText(new Error('the thread store failed', { cause: new RangeError('a bug') }));
    expect(text).toContain('RangeError: a bug');
    expect(text).toMatch(/failure-text\.test\.ts:\d+/);
    expect(failureText('a word')).toContain('a word');
  });
});
