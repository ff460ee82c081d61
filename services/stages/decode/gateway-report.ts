/** Gateways with the devices they hear: who hears whom stands with the devices, so it is gathered when somebody asks. */
import type { GatewayReport } from '../../model/device-report.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { GatewayFacts } from './gateway-memory.ts';

const DAY_MS = 86_400_000;

export function reportGateways(
  gateways: readonly GatewayFacts[],
  devices: Iterable<DeviceMemory>,
  now: number,
): GatewayReport[] {
  const heard = new Map<string, GatewayReport['devices']>();
  for (const { id: device, radioReport } of devices) {
    const lately = (radioReport?.gateways ?? []).filter(({ at }) => now - at < DAY_MS);
    for (const { gateway, ...when } of lately) {
      const key = `${radioReport?.networkServer}/${gateway}`;
      const list = heard.get(key) ?? [];
      list.push({ device, ...when, alone: lately.length === 1 });
      heard.set(key, list);
    }
  }
  return gateways.map((g) => ({ ...g, devices: heard.get(`${g.networkServer}/${g.id}`) ?? [] }));
}
