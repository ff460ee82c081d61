/** Who hears a LoRaWAN device, and how well: distance, buildings, luck. */
import type { Position } from '../kind.ts';
import type { Rng } from '../world/rng.ts';

export interface RadioGateway {
  /** 16 lower-case hex digits. */
  eui: string;
  name: string;
  position: Position;
}

export interface Reception {
  gateway: RadioGateway;
  /** dBm, whole. */
  rssi: number;
  /** dB, in quarters, as the chips report it. */
  snr: number;
}

/** Which gateways hear a frame with this spreading factor, the best first; none: the frame is lost. */
export type Radio = (spreadingFactor: number) => Reception[];

// J. Petäjäjärvi et al., "On the coverage of LPWANs", 2015 (Oulu, by car): loss = 128.95 + 23.2·log10(d/km), σ 7.8 dB.
const LOSS_AT_1_KM = 128.95;
const LOSS_PER_DECADE = 23.2;
const SIGMA = 7.8;
// EU868: 14 dBm from the device; 3 dB more from the gateway's antenna.
const SENT = 14 + 3;
// Thermal noise of 125 kHz and a receiver's 6 dB.
const NOISE = -174 + 10 * Math.log10(125_000) + 6;
/** Semtech SX1301 data sheet: the SNR that SF7 … SF12 need. */
const NEEDED_SNR: Readonly<Record<number, number>> = { 7: -7.5, 8: -10, 9: -12.5, 10: -15, 11: -17.5, 12: -20 };
const BEST_SNR = 13;

/** The shadow of a house is there every day; what comes on top is another each time. */
export function createRadio({
  gateways,
  position,
  rng,
}: {
  gateways: readonly RadioGateway[];
  position: Position;
  rng: Rng;
}): Radio {
  const links = gateways.map((gateway) => {
    const km = Math.max(0.05, kilometres(position, gateway.position));
    const shadow = rng.split(gateway.eui).normal(0, SIGMA * 0.8);
    return { gateway, power: SENT - LOSS_AT_1_KM - LOSS_PER_DECADE * Math.log10(km) + shadow };
  });
  return (spreadingFactor) =>
    links
      .map(({ gateway, power }) => {
        const signal = power + rng.normal(0, SIGMA * 0.3);
        const snr = Math.min(BEST_SNR, Math.round((signal - NOISE) * 4) / 4);
        return { gateway, rssi: Math.round(Math.max(signal, NOISE - 3)), snr };
      })
      .filter(({ snr }) => snr >= (NEEDED_SNR[spreadingFactor] ?? 0))
      .sort((a, b) => b.snr - a.snr);
}

/** Near enough for a radio: a degree of latitude is 111.2 km. */
function kilometres(a: Position, b: Position): number {
  const north = (a.lat - b.lat) * 111.2;
  const east = (a.lon - b.lon) * 111.2 * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(north, east);
}
