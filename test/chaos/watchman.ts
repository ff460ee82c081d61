/** A pumping station with a rule and a device: how long an alert takes to come and to go while something else is in trouble. */
import { connectAsync } from 'mqtt';
import { eventually, type Platform, register } from '../lib/platform.ts';

const ID = 'watchman';
const RULE = 'watchman-high';

export interface Watchman {
  /** Publishes over the limit and below it; gives the slower of raising and resolving in ms, undefined when one took too long. */
  raiseAndResolve(withinMs: number): Promise<number | undefined>;
  stop(): Promise<void>;
}

export async function startWatchman(platform: Platform): Promise<Watchman> {
  const password = (await register(platform, [ID], 'pumping-station')).get(ID) ?? '';
  await platform.api('PUT', `/rules/${RULE}`, {
    name: { da: 'Høj vandstand', en: 'High level' },
    appliesTo: { asset: ID },
    condition: {
      kind: 'threshold',
      quantity: 'waterDepth',
      raise: { op: '>=', limit: 2 },
      clear: { op: '<=', limit: 1.9 },
    },
    severity: 'high',
    outcome: 'alarm',
    to: [],
    sentence: { da: 'Høj vandstand i {name}.', en: 'High level in {name}.' },
    enabled: true,
  });
  const client = await connectAsync(`mqtt://127.0.0.1:${platform.mqttPort}`, { username: ID, password });
  const publish = (waterDepth: number) =>
    client.publishAsync(`devices/${ID}/readings`, JSON.stringify({ time: Date.now(), waterDepth }), { qos: 1 });
  const open = async (): Promise<number> => {
    const { items } = await platform.api<{ items: { rule: string }[] }>('GET', '/alerts?state=open');
    return items.filter(({ rule }) => rule === RULE).length;
  };
  const publishUntil = async (waterDepth: number, wanted: number, ms: number): Promise<number> => {
    const began = performance.now();
    await publish(waterDepth);
    await eventually(open, (n) => n === wanted, ms);
    return performance.now() - began;
  };
  // A new rule is known to its stage within a second.
  await eventually(
    async () => {
      await publish(2.5);
      return await open();
    },
    (n) => n === 1,
  );
  await publishUntil(1, 0, 15_000);
  return {
    async raiseAndResolve(withinMs) {
      try {
        const raised = await publishUntil(2.5, 1, withinMs);
        const resolved = await publishUntil(1, 0, withinMs);
        return Math.max(raised, resolved);
      } catch {
        return undefined;
      }
    },
    stop: () => client.endAsync(),
  };
}
