/** What a stated time is worth, judged against the receipt: a stage that lags or replays decides the same. */
import type { Device } from '../../model/device.ts';
import { MARK } from '../../model/readings.ts';
import type { UplinkKind } from '../../model/uplink.ts';

export const DAY_MS = 86_400_000;
/** How far ahead of the receipt a time may be. */
export const AHEAD_MS = 5 * 60_000;
const EARLIEST = Date.UTC(2000, 0, 1);
const BEFORE_REGISTRATION_MS = 365 * DAY_MS;
const LATE_MS = DAY_MS;

/** The earliest time that is believed of a device. History an operator enters is no matter of a device's clock. */
export function earliestBelieved(device: Pick<Device, 'registeredAt'>, kind: UplinkKind): number {
  return kind === 'import' ? EARLIEST : Math.max(EARLIEST, device.registeredAt - BEFORE_REGISTRATION_MS);
}

/** Whether the receipt time is to be used instead (mark `clock`). All in epoch ms. */
export function disbelieved(time: number, received: number, earliest: number): boolean {
  return time > received + AHEAD_MS || time < earliest;
}

/** `MARK.late` or 0. */
export function lateMark(time: number, received: number, kind: UplinkKind): number {
  return received - time > LATE_MS && kind !== 'import' ? MARK.late : 0;
}
