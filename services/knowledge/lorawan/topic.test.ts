/** Topic templates: what is filled in comes out again, and the subscription hears every topic of the template. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillTopic, filterOf, matchTopic, placeholdersOf } from './topic.ts';

const CHIRPSTACK = 'application/{application}/device/{devEui}/event/{event}';
const TTS = 'v3/{application}/devices/{device}/{event}';

/** MQTT 3.1.1 section 4.7.1, written down once more. */
function hears(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [i, part] of wanted.entries()) {
    if (part === '#') return true;
    if (i >= levels.length || (part !== '+' && part !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}

describe('topics of network servers', () => {
  it.each([
    [CHIRPSTACK, 'application/a/device/70b3/event/up', { application: 'a', devEui: '70b3', event: 'up' }],
    [TTS, 'v3/herning@ttn/devices/bin-3/up', { application: 'herning@ttn', device: 'bin-3', event: 'up' }],
    [TTS, 'v3/a/devices/b/down/ack', { application: 'a', device: 'b', event: 'down/ack' }],
    [
      'v3/{application}@{tenant}/devices/{device}/{event}',
      'v3/a@ttn/devices/b/up',
      { application: 'a', tenant: 'ttn', device: 'b', event: 'up' },
    ],
    ['eu868/gateway/{gateway}/state/conn', 'eu868/gateway/24e1/state/conn', { gateway: '24e1' }],
    ['+/up/{devEui}/#', 'x/up/1/y/z', { devEui: '1' }],
  ])('%s matches %s', (template, topic, expected) => {
    expect(matchTopic(template, topic)).toEqual(expected);
    expect(hears(filterOf(template), topic)).toBe(true);
  });

  it.each([
    [CHIRPSTACK, 'application/a/device/70b3/event'],
    [CHIRPSTACK, 'application/a/device/70b3/event/'],
    [CHIRPSTACK, 'application/a/device//event/up'],
    [CHIRPSTACK, 'application/a/device/70b3/command/down'],
    [CHIRPSTACK, 'x/application/a/device/70b3/event/up'],
    ['v3/{application}@{tenant}/{device}', 'v3/a/b'],
    ['v3/{application}@{tenant}/{device}', 'v3/@ttn/b'],
    ['eu868/gateway/{gateway}/state/conn', 'eu868/gateway/24e1/state/conn/x'],
  ])('%s does not match %s', (template, topic) => {
    expect(matchTopic(template, topic)).toBeUndefined();
  });

  it('subscribes to as little as it can', () => {
    expect(filterOf(CHIRPSTACK)).toBe('application/+/device/+/event/#');
    expect(filterOf(TTS)).toBe('v3/+/devices/+/#');
    expect(filterOf('eu868/gateway/{gateway}/state/conn')).toBe('eu868/gateway/+/state/conn');
    expect(placeholdersOf(TTS)).toEqual(['application', 'device', 'event']);
  });

  it('fills no topic that a value would break out of', () => {
    const command = 'application/{application}/device/{devEui}/command/down';
    expect(fillTopic(command, { application: 'a', devEui: '70b3' })).toBe('application/a/device/70b3/command/down');
    for (const application of [undefined, '', 'a/b', '+', '#', 'a\0'])
      expect(fillTopic(command, { application, devEui: '70b3' })).toBeUndefined();
    expect(fillTopic('{constructor}/x', {})).toBeUndefined();
  });

  const word = fc.string({ unit: fc.constantFrom(...'abcæøå09.-_'), minLength: 1, maxLength: 8 });
  const level = fc.oneof(
    word,
    word.map((w) => `{${w.replace(/[^a-c]/g, 'q')}}`),
    fc.tuple(word, word).map(([a, b]) => `${a}={${b.replace(/[^a-c]/g, 'q')}}`),
  );
  const template = fc.array(level, { minLength: 1, maxLength: 6 }).map((levels) => levels.join('/'));

  it('what is filled in is found again, on a topic that the subscription hears', () => {
    fc.assert(
      fc.property(template, fc.infiniteStream(word), (text, words) => {
        const names = placeholdersOf(text);
        fc.pre(new Set(names).size === names.length);
        const values = Object.fromEntries(names.map((name) => [name, words.next().value]));
        const topic = fillTopic(text, values);
        expect(topic).toBeDefined();
        expect(matchTopic(text, topic!)).toEqual(values); // defined: the line above
        expect(hears(filterOf(text), topic!)).toBe(true);
      }),
    );
  });

  it('a topic that matches is one the subscription hears', () => {
    const topic = fc.array(fc.oneof(word, fc.constant('')), { minLength: 1, maxLength: 6 }).map((l) => l.join('/'));
    fc.assert(
      fc.property(fc.oneof(template, fc.constantFrom(CHIRPSTACK, TTS)), topic, (text, any) => {
        if (matchTopic(text, any) !== undefined) expect(hears(filterOf(text), any)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
