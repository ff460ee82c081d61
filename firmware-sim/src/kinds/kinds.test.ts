import { describe, expect, it } from 'vitest';
import { aDevice } from '../testing/a-device.ts';
import { createTimeline, type Report } from '../timeline.ts';
import { DAY } from '../world/local-time.ts';
import { kindOf, kinds } from './list.ts';

const START = Date.parse('2026-10-20T00:00:00Z');

function reports(kind: string, days: number, seed = 'test'): Report[] {
  const { instance } = aDevice(kind, { startMs: START, seed });
  const timeline = createTimeline({ instance, startMs: START, phase: 0.3 });
  const all: Report[] = [];
  while (timeline.next < START + days * DAY) all.push(timeline.take());
  return all;
}

// What a sensor of the quantity can measure: domain.md, section 2, read here on its own.
const RANGES: Record<string, readonly [number, number]> = {
  distance: [0, 20000],
  temperature: [-50, 150],
  batteryLevel: [0, 100],
  batteryVoltage: [0, 60],
  waterLevel: [-100, 200],
  waterDepth: [0, 100],
  flow: [-100000, 100000],
  energy: [0, Number.MAX_SAFE_INTEGER],
  current: [0, 2000],
  runTime: [0, Number.MAX_SAFE_INTEGER],
  startCount: [0, Number.MAX_SAFE_INTEGER],
  activePower: [-5000, 5000],
  dimLevel: [0, 100],
  tiltAngle: [0, 180],
  vehicleCount: [0, 20000],
  averageVehicleSpeed: [0, 250],
  speedV85: [0, 250],
  peopleCount: [0, 50000],
  peopleInside: [0, 50000],
  pm25: [0, 2000],
  pm10: [0, 2000],
  no2: [0, 5000],
  o3: [0, 5000],
  relativeHumidity: [0, 100],
  co2: [0, 40000],
  illuminance: [0, 200000],
  availableSpots: [0, 20000],
  soilMoistureVwc: [0, 100],
  soilTemperature: [-40, 70],
  roadSurfaceTemperature: [-50, 90],
};
const STATES: Record<string, readonly string[]> = {
  tilted: ['no', 'yes'],
  mainsPower: ['on', 'off'],
  doorState: ['closed', 'open'],
  waterLeak: ['dry', 'leak'],
  pumpState: ['stopped', 'running', 'fault', 'manual'],
  powerState: ['off', 'low', 'on'],
  lampStatus: ['ok', 'defectiveLamp', 'brokenLantern', 'columnIssue'],
  holderState: ['present', 'removed'],
  spotState: ['free', 'occupied', 'closed', 'unknown'],
  surfaceState: ['dry', 'moist', 'wet', 'ice', 'snow'],
};

describe('kinds', () => {
  it('are at least twelve, each with a name of its own', () => {
    expect(kinds.length).toBeGreaterThanOrEqual(12);
    expect(new Set(kinds.map((k) => k.id)).size).toBe(kinds.length);
    expect(() => kindOf('toaster')).toThrow('no kind of device is called "toaster"; there are waste-container');
  });

  describe.each(kinds.map((k) => k.id))('%s', (kind) => {
    const days = kind === 'sequence' ? 0.05 : 30;
    const month = reports(kind, days);

    it('gives the same reports for the same seed, and others for another', () => {
      expect(reports(kind, Math.min(3, days))).toEqual(month.filter((r) => r.time < START + Math.min(3, days) * DAY));
      if (kind !== 'sequence') expect(reports(kind, 3, 'another')).not.toEqual(reports(kind, 3));
    });

    it('keeps every value inside what a sensor can measure, and every state to its names', () => {
      for (const { values } of month) {
        expect(Object.keys(values).length).toBeGreaterThan(0);
        for (const [key, value] of Object.entries(values)) {
          const quantity = key.split('.')[0] ?? '';
          if (typeof value === 'string') {
            if (!STATES[quantity]?.includes(value)) expect.fail(`${key}: ${value}`);
            continue;
          }
          const [low, high] = RANGES[quantity] ?? expect.fail(`${quantity} is not in the table`);
          if (!(value >= low && value <= high)) expect.fail(`${key}: ${value} is outside ${low} to ${high}`);
        }
      }
    });

    it('reports in order of time, never longer apart than its interval', () => {
      const { instance } = aDevice(kind, { startMs: START });
      for (let i = 1; i < month.length; i++) {
        const gap = month[i]!.time - month[i - 1]!.time; // both are in the list
        if (gap <= 0 || gap > instance.intervalSeconds * 1000) expect.fail(`${gap} ms between two reports`);
      }
    });
  });
});
