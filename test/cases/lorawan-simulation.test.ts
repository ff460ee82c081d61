/** Simulated network servers against the platform's own readers: two readings of the same vendor documents must agree. */
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { createFleet, serverMessages } from '../../firmware-sim/src/lorawan/create-fleet.ts';
import { lorawanModels } from '../../firmware-sim/src/lorawan/models.ts';
import { catalogue } from '../../services/knowledge/catalogue/catalogue.ts';
import { modelReadings } from '../../services/knowledge/codecs/frames/testing/model-readings.ts';
import { deviceOf } from '../../services/knowledge/lorawan/device-of.ts';
import { readMessage } from '../../services/knowledge/lorawan/read-message.ts';
import { matchTopic } from '../../services/knowledge/lorawan/topic.ts';

const START = Date.UTC(2026, 10, 1);
const NAMES = { tenant: 'ttn', application: { id: 'app', name: 'Appen' } };
const TEMPLATES = {
  chirpstack: 'application/{application}/device/{devEui}/event/{event}',
  tts: 'v3/{application}/devices/{device}/{event}',
};
const fleet = createFleet({
  seed: 'cases',
  models: lorawanModels,
  perModel: 1,
  gateways: 4,
  centre: { lat: 56.16, lon: 9.55 },
});

describe.each(fleet.devices.map((d) => [d.model.id, d] as const))('simulated %s', (id, device) => {
  const model = catalogue.deviceModel(id);

  it.each(['chirpstack', 'tts'] as const)('through %s', (kind) => {
    const messages = serverMessages({
      device,
      gateways: fleet.gateways,
      kind,
      names: NAMES,
      seed: 'cases',
      startMs: START,
      restart: 0.02,
      count: 300,
    });
    const identities = new Set<string>();
    const quantities = new Set<string>();
    let sent = 0;
    for (const { topic, at, body } of messages) {
      sent++;
      const named = matchTopic(TEMPLATES[kind], topic);
      const bytes = Buffer.from(body);
      const message = readMessage(kind, named?.event ?? '', bytes);
      expect(message).toMatchObject({ event: named?.event, devEui: device.devEui, simulated: false });
      expect(deviceOf(kind, bytes, named?.event)?.devEui).toBe(device.devEui);
      identities.add(message.identity);
      if (!message.up) continue;
      expect(message.time).toBe(at);
      expect(message.up.heard.length).toBeGreaterThan(0);
      for (const { gateway, rssi, snr } of message.up.heard) {
        expect(fleet.gateways.map((g) => g.eui)).toContain(gateway);
        expect(rssi).toBeLessThan(-40);
        expect(snr).toBeGreaterThanOrEqual(-20);
      }
      if (message.up.fPort === 0) continue;
      const { readings, bad } = modelReadings(model!, {
        bytesHex: Buffer.from(message.up.bytes).toString('hex'),
        fPort: message.up.fPort,
      });
      expect(bad).toEqual([]);
      expect(Object.keys(readings)).toEqual(['now']);
      for (const [name, value] of Object.entries(readings.now ?? {})) {
        quantities.add(name);
        const { range, states } = catalogue.quantity(name)!; // modelReadings gives only what the catalogue has
        if (states) expect(states.map((s) => s.name)).toContain(value);
        else if (range) {
          expect(Number(value), name).toBeGreaterThanOrEqual(range[0]);
          expect(Number(value), name).toBeLessThanOrEqual(range[1]);
        }
      }
    }
    expect(identities.size).toBe(sent);
    // What the world of this kind is measured for arrives under its own name, save for what has no probe.
    for (const name of MEASURED[id] ?? []) expect(quantities).toContain(name);
  });
});

const MEASURED: Readonly<Record<string, readonly string[]>> = {
  'milesight-em400-mud': ['distance', 'temperature', 'tilted', 'batteryLevel'],
  'milesight-em500-swl': ['waterDepth', 'batteryLevel'],
  'milesight-em300-mcs-ring': ['holderState', 'temperature', 'relativeHumidity', 'batteryLevel'],
  'milesight-am307': ['temperature', 'relativeHumidity', 'co2', 'atmosphericPressure'],
  'elsys-ers-co2': ['temperature', 'relativeHumidity', 'illuminance', 'co2', 'batteryVoltage'],
  'decentlab-dl-pr26': ['waterDepth', 'temperature', 'batteryVoltage'],
  'dragino-ldds75': ['distance', 'batteryVoltage'],
};
