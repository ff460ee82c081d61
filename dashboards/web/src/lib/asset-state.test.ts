import { describe, expect, test } from 'vitest';
import type { Alert, Latest } from './api.ts';
import { assetState, GROUPS, STATES, worse } from './asset-state.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const alert = (severity: Alert['severity'], more: Partial<Alert> = {}): Alert => ({
  id: 'a',
  asset: 'x',
  owner: 'o',
  operator: 'o',
  type: 't',
  state: 'open',
  severity,
  outcome: 'alarm',
  name: { da: '', en: '' },
  sentence: { da: '', en: '' },
  evidence: {},
  raisedAt: '2026-11-23T10:00:00.000Z',
  timeline: [],
  ...more,
});
const heard = (secondsAgo: number): Latest[] => {
  const time = new Date(NOW - secondsAgo * 1000).toISOString();
  return [{ quantity: 'q', unit: '', value: 1, time, received: time, marks: [] }];
};

describe('the state of an asset', () => {
  test('never heard of is waiting, heard of within its heartbeat is in order', () => {
    expect(assetState(undefined, [], 900, NOW)).toBe('waiting');
    expect(assetState(undefined, heard(800), 900, NOW)).toBe('ok');
  });

  test('silence beyond the heartbeat shows, unless something worse is known', () => {
    expect(assetState(undefined, heard(1000), 900, NOW)).toBe('silent');
    expect(assetState(alert('high'), heard(1000), 900, NOW)).toBe('high');
    expect(assetState(alert('info', { outcome: 'worklist' }), heard(1000), 900, NOW)).toBe('silent');
  });

  test('the worse alert counts; of two alike the one nobody looks after, then the newer', () => {
    const task = alert('info', { outcome: 'worklist' });
    expect(worse(task, alert('low')).severity).toBe('low');
    expect(worse(alert('high'), alert('critical')).severity).toBe('critical');
    expect(worse(alert('high', { state: 'acknowledged' }), alert('high')).state).toBe('open');
    const newer = alert('high', { id: 'newer', raisedAt: '2026-11-23T11:00:00.000Z' });
    expect(worse(alert('high'), newer).id).toBe('newer');
  });

  test('every state is in a group', () => {
    const grouped = new Set(Object.values(GROUPS).flat());
    expect(STATES.filter((s) => !grouped.has(s))).toEqual([]);
  });
});
