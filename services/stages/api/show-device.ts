/** A device as the API shows it: never its secrets. */
import type { Device } from '../../model/device.ts';
import type { DeviceReport, RadioReport } from '../../model/device-report.ts';
import { formatTime } from '../../model/time.ts';

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

export function showReport({ lastSeen, status, unknownKeys, radio }: DeviceReport) {
  return {
    ...(lastSeen > 0 && { lastSeen: formatTime(lastSeen) }),
    ...(status && { status: { state: status.state, at: formatTime(status.at) } }),
    unknownKeys: unknownKeys.map(({ key, count, lastAt }) => ({ key, count, lastAt: formatTime(lastAt) })),
    ...(radio && { radio: showRadio(radio) }),
  };
}

function showRadio({ frameAt, joinedAt, status, location, log, gateways, downlinks, ...rest }: RadioReport) {
  const dated = <T extends { at: number }>(thing: T) => ({ ...thing, at: formatTime(thing.at) });
  return {
    ...rest,
    ...(frameAt !== undefined && { frameAt: formatTime(frameAt) }),
    ...(joinedAt !== undefined && { joinedAt: formatTime(joinedAt) }),
    ...(status && { status: dated(status) }),
    ...(location && { location: dated(location) }),
    log: log.map(dated),
    downlinks: downlinks.map(dated),
    gateways: gateways.map(dated),
  };
}
