/** Collections of Edinburgh's litter bins, 2016: how full each bin was when the crew came, and after. */
import { localToUtc } from '../world/local-time.ts';
import { createTally, type Dataset, wholeWeeks } from './dataset.ts';

const OWNER = 'replay-edinburgh';
// Before and after are two instants of one collection; the data give one time.
const EMPTYING_MS = 1000;

export const edinburgh: Dataset = {
  id: 'edinburgh',
  title: 'Edinburgh litter bins, June to August 2016',
  attribution:
    'Contains public sector information licensed under the Open Government Licence v3.0 (City of Edinburgh Council).',
  file: 'edinburgh-litter-bins-2016.csv',
  notes: [
    'local times are Europe/London',
    'one message a collection: the filling level before it at its time, the one after it a second later',
  ],
  build(rows, now) {
    const times = rows.map((row) => localToUtc(row.collected_at_local ?? '', 'Europe/London'));
    const shift = wholeWeeks(Math.max(...times), now);
    const names = new Map(rows.map((row) => [row.bin_id ?? '', row.site_name ?? '']));
    const tally = createTally();
    const messages = rows.map((row, i) => {
      const time = times[i]! + shift; // one time a row
      const asset = `edinburgh-${row.bin_id}`;
      const before = Number(row.fill_before_pct);
      const after = Number(row.fill_after_pct);
      tally.add(asset, 'fillingLevel', time, before);
      tally.add(asset, 'fillingLevel', time + EMPTYING_MS, after);
      return {
        device: `replay-${asset}`,
        payload: JSON.stringify([
          { time: new Date(time).toISOString(), fillingLevel: before },
          { time: new Date(time + EMPTYING_MS).toISOString(), fillingLevel: after },
        ]),
      };
    });
    return {
      owner: OWNER,
      registration: {
        organisations: [{ id: OWNER, body: { name: 'Genafspilning: Edinburgh 2016', kind: 'supplier' } }],
        assets: [...names].map(([bin, name]) => ({
          id: `edinburgh-${bin}`,
          body: {
            owner: OWNER,
            type: 'waste-container',
            name,
            attributes: { kind: 'litter-bin' },
            tags: ['genafspilning'],
          },
        })),
        devices: [...names.keys()].map((bin) => ({
          id: `replay-edinburgh-${bin}`,
          body: { owner: OWNER, model: 'generic-json', asset: `edinburgh-${bin}`, connection: { kind: 'mqtt' } },
        })),
      },
      messages,
      expected: { rows: rows.length, uplinks: rows.length, decoded: rows.length, rejected: 0, ...tally.counts },
    };
  },
};
