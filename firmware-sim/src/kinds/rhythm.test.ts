import { getTimes } from 'suncalc';
import { describe, expect, it } from 'vitest';
import { aDevice, VIBORG } from '../testing/a-device.ts';
import { createTimeline, type Report } from '../timeline.ts';
import { DAY, HOUR, localTime, MINUTE } from '../world/local-time.ts';

const START = Date.parse('2026-09-07T00:00:00Z'); // a Monday

function sampled(kind: string, every: number, days: number, seed = 'test'): Report[] {
  const { instance } = aDevice(kind, { startMs: START, seed });
  return Array.from({ length: (days * DAY) / every }, (_, i) => {
    const time = START + (i + 1) * every;
    return { time, values: instance.sample(time) };
  });
}

const mean = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;

describe('rhythms', () => {
  it('traffic: the morning peak comes on weekdays and not on Sundays', () => {
    const month = sampled('traffic-counter', HOUR, 28);
    const morning = (weekdays: (day: number) => boolean): number =>
      mean(
        month
          .filter(({ time }) => {
            const { weekday, hour } = localTime(time - HOUR / 2);
            return weekdays(weekday) && hour >= 7 && hour < 8;
          })
          .map(({ values }) => Number(values['vehicleCount.north'])),
      );
    expect(morning((day) => day < 5)).toBeGreaterThan(4 * morning((day) => day === 6));
  });

  it('traffic: counts belong to the time since the last report, so a shorter interval counts less each time', () => {
    const total = (every: number): number =>
      sampled('traffic-counter', every, 7).reduce((sum, { values }) => sum + Number(values['vehicleCount.south']), 0);
    expect(total(5 * MINUTE) / total(HOUR)).toBeCloseTo(1, 1);
  });

  it('waste: bins fill, and are emptied only on their days, within two hours', () => {
    const { instance, attributes } = aDevice('waste-container', { startMs: START });
    let before = instance.sample(START);
    let emptied = 0;
    for (let t = START + HOUR; t < START + 56 * DAY; t += HOUR) {
      const now = instance.sample(t);
      const fall = Number(now.distance) - Number(before.distance);
      before = now;
      if (fall < 200) continue;
      emptied++;
      const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
      expect(attributes.emptyingDays).toContain(days[localTime(t - MINUTE).weekday]);
    }
    expect(emptied).toBeGreaterThan(4);
  });

  it('street light: on at sunset and off at sunrise, all year', () => {
    for (const date of ['2026-03-01', '2026-06-21', '2026-09-20', '2026-12-21']) {
      const midnight = Date.parse(`${date}T00:00:00Z`);
      const { instance } = aDevice('street-light', { startMs: midnight });
      const { sunrise, sunset } = getTimes(new Date(midnight + 12 * HOUR), VIBORG.lat, VIBORG.lon);
      let off: number | undefined;
      let on: number | undefined;
      for (let t = midnight + HOUR; t < midnight + DAY; t += MINUTE) {
        const dark = instance.sample(t).powerState !== 'off';
        if (!dark) off ??= t;
        if (dark && off !== undefined) on ??= t;
      }
      // Off a little before the sun is up, on a little after it is down: twilight is longest at midsummer.
      expect(Number(sunrise) - Number(off)).toBeGreaterThan(0);
      expect(Number(sunrise) - Number(off)).toBeLessThan(50 * MINUTE);
      expect(Number(on) - Number(sunset)).toBeGreaterThan(0);
      expect(Number(on) - Number(sunset)).toBeLessThan(50 * MINUTE);
    }
  });

  it('classroom: carbon dioxide climbs in school hours and is fresh at night', () => {
    const month = sampled('indoor-climate', 30 * MINUTE, 28);
    const at = (from: number, to: number): number =>
      mean(
        month
          .filter(
            ({ time }) => localTime(time).weekday < 5 && localTime(time).hour >= from && localTime(time).hour < to,
          )
          .map(({ values }) => Number(values.co2)),
      );
    expect(at(10, 11.5)).toBeGreaterThan(700);
    expect(at(3, 6)).toBeLessThan(460);
  });

  it('people: everybody who comes in goes out again', () => {
    const fortnight = sampled('people-counter', 30 * MINUTE, 14);
    const sum = (key: string): number => fortnight.reduce((total, { values }) => total + Number(values[key]), 0);
    expect(sum('peopleCount.in')).toBeGreaterThan(500);
    expect(sum('peopleCount.in')).toBe(sum('peopleCount.out'));
  });

  it('rescue ring: says in every message whether it is there, and at once when it is taken', () => {
    const { instance } = aDevice('rescue-ring', { startMs: START, seed: 'ring' });
    const timeline = createTimeline({ instance, startMs: START, phase: 0 });
    let changes = 0;
    let before = timeline.take();
    while (timeline.next < START + 200 * DAY) {
      const now = timeline.take();
      expect(['present', 'removed']).toContain(now.values.holderState);
      if (now.values.holderState !== before.values.holderState) changes++;
      before = now;
    }
    expect(changes).toBeGreaterThan(3);
  });

  it('pumps: start and stop with the water, and their counters never fall', () => {
    const { instance: station, attributes } = aDevice('pumping-station', { startMs: START });
    const parent = { attributes, pumps: 2 };
    const pumps = [0, 1].map((index) => aDevice('pump', { startMs: START, parent, index }).instance);
    let starts = 0;
    for (const pump of pumps) {
      let before = pump.sample(START);
      const first = Number(before.startCount);
      for (let t = START; t < START + 7 * DAY; t += 15 * MINUTE) {
        const now = pump.sample(t);
        expect(Number(now.startCount)).toBeGreaterThanOrEqual(Number(before.startCount));
        expect(Number(now.runTime)).toBeGreaterThanOrEqual(Number(before.runTime));
        if (now.pumpState === 'stopped') expect(now.current).toBe(0);
        before = now;
      }
      starts += Number(before.startCount) - first;
    }
    expect(starts).toBeGreaterThan(7 * 10);
    const depths = Array.from({ length: 7 * 96 }, (_, i) => Number(station.sample(START + i * 15 * MINUTE).waterDepth));
    expect(mean(depths)).toBeLessThan(Number(attributes.startLevel) + 0.2);
  });

  it('a pumping station and its pumps tell one story, though each keeps its own copy of the plant', () => {
    const { attributes } = aDevice('pumping-station', { startMs: START });
    const parent = { attributes, pumps: 2 };
    const station = aDevice('pumping-station', { startMs: START, attributes, parent }).instance;
    const pumps = [0, 1].map((index) => aDevice('pump', { startMs: START, parent, index }).instance);
    let flowing = 0;
    for (let t = START; t < START + 3 * DAY; t += MINUTE) {
      const { flow } = station.sample(t);
      const running = pumps.filter((pump) => pump.sample(t).pumpState === 'running').length;
      expect(running > 0).toBe(Number(flow) > 0);
      flowing += running;
    }
    expect(flowing).toBeGreaterThan(20);
  });
});

describe('situations on cue', () => {
  const cue = (kind: string, name: string, seed = 'cue') => {
    const { instance, attributes } = aDevice(kind, {
      startMs: START,
      liveMs: START + DAY,
      situations: [{ name, from: 60, seconds: 600 }],
      seed,
      ...(kind === 'pump' ? { parent: { attributes: {}, pumps: 2 } } : {}),
    });
    const timeline = createTimeline({ instance, startMs: START, phase: 0.5 });
    while (timeline.next < START + DAY + 60_000) timeline.take();
    return { first: timeline.take(), attributes };
  };

  it.each([
    ['rescue-ring', 'taken', { holderState: 'removed' }],
    ['pumping-station', 'powerLoss', { mainsPower: 'off' }],
    ['lighting-cabinet', 'doorOpen', { doorState: 'open' }],
    ['indoor-climate', 'leak', { waterLeak: 'leak' }],
    ['waste-container', 'tilted', { tilted: 'yes' }],
    ['street-light', 'defective', { lampStatus: 'defectiveLamp' }],
    ['pump', 'pumpFault', { pumpState: 'fault' }],
  ])('%s: %s shows in the report of that very moment', (kind, name, values) => {
    const { first } = cue(kind, name);
    expect(first.time).toBe(START + DAY + 60_000);
    expect(first.values).toMatchObject(values);
  });

  it('cross the limits that rules look at', () => {
    const fire = cue('waste-container', 'fire').first.values;
    expect(fire.temperature).toBeGreaterThanOrEqual(70);
    const bin = cue('waste-container', 'overfull');
    const { emptyDistance, fullDistance } = bin.attributes;
    const level =
      (100 * (Number(emptyDistance) - Number(bin.first.values.distance))) /
      (Number(emptyDistance) - Number(fullDistance));
    expect(level).toBeGreaterThanOrEqual(95);
    const station = cue('pumping-station', 'highLevel');
    expect(station.first.values.waterDepth).toBeGreaterThan(Number(station.attributes.highLevel));
    const stream = cue('water-level', 'high');
    const elevation = Number(stream.attributes.sensorElevation) - Number(stream.first.values.distance) / 1000;
    expect(elevation).toBeGreaterThan(Number(stream.attributes.warningLevel));
    const sewer = cue('overflow', 'running');
    expect(Number(sewer.attributes.sensorElevation) - Number(sewer.first.values.distance) / 1000).toBeGreaterThan(
      Number(sewer.attributes.crestLevel),
    );
  });
});
