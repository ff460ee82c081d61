/** A PUBLISH read in place says the same as mqtt-packet reads from it. */
import fc from 'fast-check';
import mqtt from 'mqtt-packet';
import { expect, test } from 'vitest';
import { fixedHeader } from './packet-check.ts';
import { readPublish, topicIs } from './publish-packet.ts';

const packet = fc.record({
  topic: fc.stringMatching(/^[a-z0-9/-]{1,60}$/),
  payload: fc.uint8Array({ maxLength: 400 }),
  qos: fc.constantFrom(0, 1, 2),
  dup: fc.boolean(),
  retain: fc.boolean(),
  messageId: fc.integer({ min: 1, max: 65_535 }),
  before: fc.uint8Array({ maxLength: 9 }),
});

test('fields and payload', () => {
  fc.assert(
    fc.property(packet, ({ before, topic, payload, qos, ...rest }) => {
      const dup = rest.dup && qos > 0; // [MQTT-3.3.1-2]
      const made = mqtt.generate({
        ...rest,
        cmd: 'publish',
        topic,
        qos: qos as 0 | 1 | 2,
        dup,
        payload: Buffer.from(payload),
      });
      const bytes = Buffer.concat([before, made]);
      const at = before.length;
      const fields = readPublish(bytes, at, at + (fixedHeader(bytes, at, bytes.length) & 7));
      expect(fields).toMatchObject({ qos, dup, packetId: qos === 0 ? 0 : rest.messageId });
      expect(topicIs(bytes, fields, topic)).toBe(true);
      expect(bytes.subarray(fields.payloadFrom)).toEqual(Buffer.from(payload));
      expect(topicIs(bytes, fields, `${topic}x`)).toBe(false);
      expect(topicIs(bytes, fields, topic.slice(1))).toBe(false);
      expect(topicIs(bytes, fields, `!${topic.slice(1)}`)).toBe(false);
    }),
  );
});
