/**
 * Failed logins, counted per user name *and* address: a hundred devices behind one NAT do not pay for one with a wrong
 * secret, and whoever tries names from elsewhere locks nobody out. Constant memory: a table of fixed size in which an
 * attacker who sprays names only pushes out other entries of little weight, never makes an innocent one look guilty.
 */
import { hash, randomBytes } from 'node:crypto';

const SETS = 16_384;
const WAYS = 4;

export interface LoginLimiterOptions {
  /** Failures after which a pair is refused unheard. */
  failures?: number;
  /** Time in which the weight of a failure halves, ms. */
  halfLifeMs?: number;
}

export class LoginLimiter {
  #failures: number;
  #halfLifeMs: number;
  // So that nobody can compute which names share a set.
  #salt = randomBytes(16).toString('hex');
  #marks = new Float64Array(SETS * WAYS);
  #weights = new Float32Array(SETS * WAYS);
  #times = new Float64Array(SETS * WAYS);

  constructor({ failures = 10, halfLifeMs = 30_000 }: LoginLimiterOptions = {}) {
    this.#failures = failures;
    this.#halfLifeMs = halfLifeMs;
  }

  /** May this pair try now? `now` is ms of a monotonic clock. */
  allows(username: string, address: string, now: number): boolean {
    const slot = this.#find(this.#mark(username, address));
    return slot === undefined || this.#weight(slot, now) < this.#failures - 0.5; // they fade a little while they are counted
  }

  failed(username: string, address: string, now: number): void {
    const mark = this.#mark(username, address);
    const slot = this.#find(mark) ?? this.#lightest(mark, now);
    const weight = this.#marks[slot] === mark ? this.#weight(slot, now) : 0;
    this.#marks[slot] = mark;
    this.#weights[slot] = weight + 1;
    this.#times[slot] = now;
  }

  succeeded(username: string, address: string): void {
    const slot = this.#find(this.#mark(username, address));
    if (slot !== undefined) this.#marks[slot] = 0;
  }

  /** 52 bits of a hash, never 0; 0 marks a free place. */
  #mark(username: string, address: string): number {
    const digest = hash('sha256', `${this.#salt}\n${network(address)}\n${username}`, 'hex');
    return Number.parseInt(digest.slice(0, 13), 16) + 1;
  }

  #find(mark: number): number | undefined {
    const from = (mark % SETS) * WAYS;
    for (let i = from; i < from + WAYS; i++) if (this.#marks[i] === mark) return i;
    return undefined;
  }

  #lightest(mark: number, now: number): number {
    const from = (mark % SETS) * WAYS;
    let best = from;
    for (let i = from; i < from + WAYS; i++) {
      if (this.#marks[i] === 0) return i;
      if (this.#weight(i, now) < this.#weight(best, now)) best = i;
    }
    return best;
  }

  #weight(slot: number, now: number): number {
    return this.#weights[slot]! * 0.5 ** ((now - this.#times[slot]!) / this.#halfLifeMs); // slot is within the table
  }
}

/** An IPv6 customer owns a whole /64: its single addresses are not worth counting apart. */
function network(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  return address.split(':').slice(0, 4).join(':');
}
