/** Starting, and what the door holds under load. */
import { describe, expect, test } from 'vitest';
import { runLoad } from '../../../test/bench/lib/mqtt-load.ts';
import { Harness } from './testing/harness.ts';

describe('starting', () => {
  test('on a port that is taken fails with a sentence and leaves nothing behind', async () => {
    await using first = await Harness.start();
    const second = new Harness({ config: { mqttPort: first.port } });
    await expect(second.start()).rejects.toThrow(`mqtt: unable to listen on 127.0.0.1:${first.port}`);
    await second[Symbol.asyncDispose]();
  });

  test('without MQTT leaves the HTTP door', async () => {
    await using h = await Harness.start({ config: { mqttPort: 'off' } });
    expect(h.port).toBe(0);
    await h.ingest.door.acceptHttp({ device: 'd1', secret: 'secret-d1', body: Buffer.from('{}') });
    expect(await h.uplinks()).toHaveLength(1);
  });
});

describe('under load', () => {
  test('what was acknowledged, what is stored and what is counted are the same', async () => {
    await using h = await Harness.start({ limits: { deviceRate: 'off' } });
    const acked = new Set<string>();
    const result = await runLoad({
      host: '127.0.0.1',
      port: h.port,
      connections: 10,
      inFlight: 100,
      qos: 1,
      messages: 20_000,
      username: (n) => `d${(n % 2) + 1}`,
      password: (n) => `secret-d${(n % 2) + 1}`,
      payload: (n, message) => `${n} ${message}`,
      acked: (n, message) => acked.add(`${n} ${message}`),
    });
    const stored = await h.uplinks();
    expect(result.acked).toBe(20_000);
    expect(stored).toHaveLength(20_000);
    expect(new Set(stored.map((u) => u.text))).toEqual(acked);
    expect(h.ingest.accepted().get('aarhus')).toBe(10_000);
    expect(stored.map((u) => u.offset)).toEqual(stored.map((_, i) => i));
    const times = stored.map((u) => u.receivedAt);
    expect(times).toEqual(times.toSorted((a, b) => a - b)); // receipt times never go backwards
    expect(h.test.commits.length).toBeLessThan(5_000); // groups, not messages
  });
});
