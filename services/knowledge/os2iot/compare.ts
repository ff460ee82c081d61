/** Two series that should be one: which values are on both sides, and are they the same? */

export interface TimedValue {
  /** Epoch ms. */
  time: number;
  value: number;
}

export interface Comparison {
  equal: number;
  different: number;
  onlyThere: number;
  onlyHere: number;
  /** The newest pair that differs. */
  difference?: { there: TimedValue; here: TimedValue };
}

export interface CompareOptions {
  /** The two sides may date one measurement so far apart, ms: OS2iot takes the time of its server, we that of the gateway. */
  toleranceMs: number;
  /** Digits after the point that count: two values are equal when they are no further apart than half the last of them. */
  decimals: number;
}

/**
 * Both in the order of time. Each value of one side is paired with at most one of the other: the nearest still free. What
 * is here alone counts from the first value there on.
 */
export function compareValues(
  there: readonly TimedValue[],
  here: readonly TimedValue[],
  { toleranceMs, decimals }: CompareOptions,
): Comparison {
  const taken = new Uint8Array(here.length);
  const most = 0.5 * 10 ** -decimals * (1 + 1e-9);
  const result: Comparison = { equal: 0, different: 0, onlyThere: 0, onlyHere: 0 };
  let first = 0;
  for (const value of there) {
    // `first` is within here in each of these, and so are the others.
    while (first < here.length && (taken[first] === 1 || here[first]!.time < value.time - toleranceMs)) first++;
    let nearest = -1;
    for (let i = first; i < here.length && here[i]!.time <= value.time + toleranceMs; i++) {
      if (taken[i] === 1) continue;
      if (nearest >= 0 && apart(here[i]!, value) >= apart(here[nearest]!, value)) {
        if (here[i]!.time > value.time) break; // the next are further away still
      } else nearest = i;
    }
    const pair = here[nearest];
    if (!pair) {
      result.onlyThere++;
      continue;
    }
    taken[nearest] = 1;
    if (Math.abs(pair.value - value.value) <= most) result.equal++;
    else {
      result.different++;
      result.difference = { there: value, here: pair };
    }
  }
  const began = there[0]?.time ?? Number.NEGATIVE_INFINITY;
  result.onlyHere = here.filter(({ time }, i) => taken[i] === 0 && time >= began).length;
  return result;
}

const apart = (a: TimedValue, b: TimedValue): number => Math.abs(a.time - b.time);
