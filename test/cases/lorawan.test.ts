/** Every folder of cases/lorawan is a case: a network server's message on its topic, and what it must be read as. */
import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deviceOf } from '../../services/knowledge/lorawan/device-of.ts';
import { readMessage } from '../../services/knowledge/lorawan/read-message.ts';
import { matchTopic } from '../../services/knowledge/lorawan/topic.ts';
import { Rejected } from '../../services/model/errors.ts';
import type { LorawanMessage } from '../../services/model/lorawan.ts';
import { formatTime } from '../../services/model/time.ts';

interface CaseMessage {
  kind: 'chirpstack' | 'tts';
  /** Why this message is a case. */
  description: string;
  template?: string;
  topic: string;
  /** One of the two; `hex` for protobuf. */
  payload?: unknown;
  hex?: string;
}

const TEMPLATES = {
  chirpstack: 'application/{application}/device/{devEui}/event/{event}',
  tts: 'v3/{application}/devices/{device}/{event}',
};

const folder = new URL('./lorawan/', import.meta.url);
const cases = readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory());

function load(name: string, file: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}/${file}`, folder), 'utf8'));
}

/** Bytes as hex and times as texts, so that a case can be read. */
function shown(message: LorawanMessage): unknown {
  const { time, up, ...rest } = message;
  return JSON.parse(
    JSON.stringify({
      ...rest,
      ...(time !== undefined && { time: formatTime(time) }),
      ...(up && { up: { ...up, bytes: Buffer.from(up.bytes).toString('hex') } }),
    }),
  );
}

describe.each(cases.map((e) => e.name))('lorawan case: %s', (name) => {
  const { kind, template, topic, payload, hex } = load(name, 'message.json') as CaseMessage; // the shape is this suite's own
  const bytes = hex === undefined ? Buffer.from(JSON.stringify(payload)) : Buffer.from(hex, 'hex');
  const named = matchTopic(template ?? TEMPLATES[kind], topic);

  it('reads as expected', () => {
    expect(named).toBeDefined();
    const expected = load(name, 'expected.json');
    let found: unknown;
    try {
      found = shown(readMessage(kind, named?.event ?? 'gateway', bytes));
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      found = { rejected: error.code, because: error.message };
    }
    expect(found).toEqual(expected);
  });

  it('is about the device that its topic names', () => {
    const { devEui } = load(name, 'expected.json') as { devEui?: string };
    if (devEui) expect(deviceOf(kind, bytes, named?.event)).toMatchObject({ devEui });
    if (named?.devEui && devEui) expect(named.devEui).toBe(devEui);
  });
});
