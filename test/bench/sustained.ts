/** B1 sustained: from the first PUBLISH to the moment the last value can be asked for. */
import { comparePubackRates } from './lib/puback-rate.ts';
import type { Benchmark } from './lib/result.ts';

export const sustained: Benchmark = async (context) => {
  const messages = context.quick ? 500_000 : 5_000_000;
  const result = await comparePubackRates(
    {
      id: 'B1-sustained',
      what: `${messages.toLocaleString('en')} uplinks, first PUBLISH to last value queryable, to the peer's PUBACK rate for the same messages`,
      load: { connections: 20, inFlight: 100, messages },
      rounds: context.quick ? 2 : 3,
      atLeast: 0.5,
      rateOf: ({ acked, startedAt }, queryableAt) => acked / ((queryableAt - startedAt) / 1000),
    },
    context,
  );
  context.sustainedRate = result.ours.median;
  return [result];
};
