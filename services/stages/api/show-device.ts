/** A device as the API shows it: never its secrets. */
import type { Device } from '../../model/device.ts';
import { formatTime } from '../../model/time.ts';
import type { DeviceReport } from './dependencies.ts';

export function showDevice(device: Device) {
  const present = device.assignments.at(-1);
  return {
    id: device.id,
    owner: device.owner,
    model: device.model,
    ...(present && present.to === undefined && { asset: present.asset }),
    connection: device.connection,
    assignments: device.assignments.map(({ asset, from, to }) => ({
      asset,
      from: formatTime(from),
      ...(to !== undefined && { to: formatTime(to) }),
    })),
    registeredAt: formatTime(device.registeredAt),
  };
}

export function showReport({ lastSeen, status, unknownKeys }: DeviceReport) {
  return {
    ...(lastSeen > 0 && { lastSeen: formatTime(lastSeen) }),
    ...(status && { status: { state: status.state, at: formatTime(status.at) } }),
    unknownKeys: unknownKeys.map(({ key, count, lastAt }) => ({ key, count, lastAt: formatTime(lastAt) })),
  };
}
