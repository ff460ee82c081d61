/** A seeded generator of random numbers that can be split by name, so that one device's draws never move another's. */

export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number in [0, n). */
  int(n: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  normal(mean?: number, deviation?: number): number;
  /** Events in a period in which `mean` are expected. */
  poisson(mean: number): number;
  /** Time to the next of events that come once per `mean` on average. */
  exponential(mean: number): number;
  /** A generator of its own: the same seed and name give the same numbers whatever was drawn here. */
  split(name: string): Rng;
}

export function createRng(seed: string | number): Rng {
  const key = String(seed);
  const next = sfc32(key);
  const rng: Rng = {
    next,
    between: (low, high) => low + (high - low) * next(),
    int: (n) => Math.floor(next() * n),
    chance: (probability) => next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new Error('rng: cannot pick from an empty list');
      return list[Math.floor(next() * list.length)]!; // the list is not empty, and next() < 1
    },
    normal: (mean = 0, deviation = 1) =>
      mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    poisson: (mean) => {
      // Knuth's product is exact but needs `mean` draws; above 30 the normal curve is close enough for traffic.
      if (mean > 30) return Math.max(0, Math.round(rng.normal(mean, Math.sqrt(mean))));
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = next(); product > limit; product *= next()) count++;
      return count;
    },
    exponential: (mean) => -mean * Math.log(1 - next()),
    split: (name) => createRng(`${key}/${name}`),
  };
  return rng;
}

/** Smooth noise in [-1, 1] over a real axis; its value at x needs no history, so weather can be asked for any time. */
export function smoothNoise(seed: number): (x: number) => number {
  return (x) => {
    const cell = Math.floor(x);
    const f = x - cell;
    const s = f * f * (3 - 2 * f);
    return (hash01(seed, cell) * (1 - s) + hash01(seed, cell + 1) * s) * 2 - 1;
  };
}

/** A uniform number in [0, 1) for a seed and a whole number. */
export function hash01(seed: number, n: number): number {
  let h = Math.imul(n ^ seed, 0x9e3779b1) ^ (n >>> 16);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** 32 bits of FNV-1a over UTF-16 units, for seeds. */
export function hashText(text: string, basis = 0x811c9dc5): number {
  let h = basis;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Chris Doty-Humphrey's sfc32: 128 bits of state, passes PractRand, and is a dozen integer operations. */
function sfc32(key: string): () => number {
  let a = hashText(key);
  let b = hashText(key, 0x9747b28c);
  let c = hashText(key, 0x3c6ef372);
  let d = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next(); // the author's advice: let the seed spread over the state
  return next;
}
