/** What a network server told of a device besides its frames: counter, joins, link, battery, faults, and who hears it. */

import type { RadioReport } from '../../model/device-report.ts';
import type { GeoPosition, Heard, LorawanEvent, LorawanMessage } from '../../model/lorawan.ts';

const MAX_GATEWAYS = 16;
const MAX_LOG = 10;
const MAX_DOWNLINKS = 20;
const MAX_TEXT = 300;
/** A longer gap is not lost frames but another life of the device: a day of one a minute. */
const MAX_GAP = 1440;

type Downlink = NonNullable<LorawanMessage['downlink']>;

/** As JSON in the state of the stage, inside that of the device. */
export interface SavedRadio {
  server: string;
  /** `missed`: lost frames that no reading has told of yet. */
  frames?: { devAddr: string; fCnt: number; at: number; missed?: number };
  joinedAt?: number;
  status?: { at: number; margin: number; battery?: number; external: boolean };
  location?: { at: number; position: GeoPosition };
  log: { at: number; level: string; code: string; text: string }[];
  downlinks?: { id: string; at: number; state: 'gateway' | 'acknowledged' | 'failed'; detail?: string }[];
  heard: [gateway: string, at: number, rssi: number | null, snr: number | null][];
}

export class RadioMemory {
  readonly saved: SavedRadio;

  constructor(server: string, saved?: SavedRadio) {
    this.saved = saved ?? { server, log: [], heard: [] };
  }

  /**
   * A frame that came for the first time. Gives how many before it were lost: gaps in the frame counter since the last one
   * of the same session. A counter that went back is a device that began anew; one of the last few is a straggler.
   * `quiet`: a frame of network commands, which gives no reading: what it shows to be lost is told with the next.
   */
  frame({ fCnt, devAddr = '' }: { fCnt: number; devAddr?: string | undefined }, at: number, quiet: boolean): number {
    const before = this.saved.frames;
    const same = before?.devAddr === devAddr;
    if (same && fCnt < before.fCnt && before.fCnt - fCnt <= 8) return 0;
    const gap = same ? fCnt - before.fCnt - 1 : 0;
    const lost = (before?.missed ?? 0) + (gap > 0 && gap <= MAX_GAP ? gap : 0);
    this.saved.frames = { devAddr, fCnt, at, ...(quiet && lost > 0 && { missed: lost }) };
    return quiet ? 0 : lost;
  }

  /** What `frame` gave could not be told: the frame was rejected. */
  notTold(lost: number): void {
    if (lost > 0 && this.saved.frames) this.saved.frames.missed = lost;
  }

  heard(heard: readonly Heard[], at: number): void {
    for (const { gateway, rssi = null, snr = null } of heard) {
      const i = this.saved.heard.findIndex(([id]) => id === gateway);
      if (i >= 0) this.saved.heard.splice(i, 1);
      this.saved.heard.push([gateway.slice(0, 64), at, rssi, snr]);
    }
    while (this.saved.heard.length > MAX_GATEWAYS) this.saved.heard.shift();
  }

  /** Everything but frames. */
  event({ event, status, log, location, downlink }: LorawanMessage, at: number): void {
    if (downlink) this.#downlink(event, downlink, at);
    if (event === 'join') this.saved.joinedAt = at;
    if (status) {
      const { marginDb: margin, batteryPercent: battery, externalPower: external } = status;
      this.saved.status = { at, margin, external, ...(battery !== undefined && { battery }) };
    }
    if (location) this.saved.location = { at, position: location };
    if (!log) return;
    this.saved.log.push({
      at,
      level: log.level,
      code: log.code,
      text: log.description.slice(0, MAX_TEXT).toWellFormed(),
    });
    while (this.saved.log.length > MAX_LOG) this.saved.log.shift();
  }

  #downlink(event: LorawanEvent, { queueItem, acknowledged, error }: Downlink, at: number): void {
    // ChirpStack tells in a log that it discarded a downlink: too large, too old.
    const failed = event === 'failed' || event === 'log' || (event === 'ack' && acknowledged === false);
    const state = failed ? 'failed' : event === 'ack' ? 'acknowledged' : 'gateway';
    const detail = error ?? (failed ? 'the device did not acknowledge it' : undefined);
    const id = queueItem.slice(0, 64);
    const list = (this.saved.downlinks ?? []).filter((d) => d.id !== id);
    list.push({ id, at, state, ...(detail !== undefined && { detail: detail.slice(0, MAX_TEXT).toWellFormed() }) });
    this.saved.downlinks = list.slice(-MAX_DOWNLINKS);
  }

  report(): RadioReport {
    const { server, frames, joinedAt, status, location, log, heard, downlinks = [] } = this.saved;
    return {
      networkServer: server,
      ...(frames && { frameCounter: frames.fCnt, frameAt: frames.at }),
      ...(joinedAt !== undefined && { joinedAt }),
      ...(status && { status }),
      ...(location && { location: { at: location.at, ...location.position } }),
      log: log.toReversed(),
      downlinks: downlinks.toReversed(),
      gateways: heard.toReversed().map(([gateway, at, rssi, snr]) => ({
        gateway,
        at,
        ...(rssi !== null && { rssi }),
        ...(snr !== null && { snr }),
      })),
    };
  }
}
