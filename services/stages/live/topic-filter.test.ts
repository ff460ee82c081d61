import { describe, expect, it } from 'vitest';
import { encodePublish } from './publish-packet.ts';
import { parseTopicFilter } from './topic-filter.ts';

const SERIES = { owner: 'egeby', type: 'water-level', asset: 'bro', quantity: 'temperature.2' };

describe('topic filters', () => {
  it.each([
    'live/egeby/water-level/bro/temperature.2',
    'live/#',
    'live/egeby/#',
    'live/+/+/bro/+',
    'live/+/water-level/#',
    'live/egeby/water-level/bro/temperature.2/#', // MQTT-4.7.1.2: # includes the level above it
  ])('%s takes it', (filter) => {
    expect(parseTopicFilter(filter)?.matches(SERIES)).toBe(true);
  });

  it.each(['live/bogeby/#', 'live/+/+/bro/temperature', 'live/+/+/bro', 'live/egeby/traffic-counter/+/+'])(
    '%s does not take it',
    (filter) => expect(parseTopicFilter(filter)?.matches(SERIES) ?? false).toBe(false),
  );

  it.each(['#', '+/#', '$SYS/#', 'devices/#', 'live', 'live/a/b', 'live/#/a', 'live/a+/b/c/d', 'live//b/c/d', ''])(
    '%j is refused',
    (filter) => expect(parseTopicFilter(filter)).toBeUndefined(),
  );

  it('knows the one asset it is about', () => {
    expect(parseTopicFilter('live/+/+/bro/+')?.asset).toBe('bro');
    expect(parseTopicFilter('live/+/+/+/+')?.asset).toBeUndefined();
  });
});

describe('PUBLISH packets', () => {
  it.each([0, 100, 127, 128, 16_383, 20_000])('have the right remaining length with %i bytes', (bytes) => {
    const packet = encodePublish('live/å', 'x'.repeat(bytes));
    let length = 0;
    let i = 1;
    for (let shift = 0; ; shift += 7) {
      const byte = packet[i++]!; // within the packet
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    expect(packet.byteLength).toBe(i + length);
    expect(packet.readUInt16BE(i)).toBe(7);
  });
});
