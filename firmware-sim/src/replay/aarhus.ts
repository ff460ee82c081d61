/** Road segments of Aarhus with one snapshot each: few count anything, some have been dead for years, one never spoke. */
import { localToUtc } from '../world/local-time.ts';
import { createTally, type Dataset, wholeWeeks } from './dataset.ts';

const OWNER = 'replay-aarhus';

export const aarhus: Dataset = {
  id: 'aarhus',
  title: 'Aarhus traffic segments, one snapshot each, 2020 to 2024',
  attribution: 'Aarhus Kommune, Open Data DK, CC BY 4.0.',
  file: 'aarhus-traffic-segments-2024.csv',
  notes: [
    'local times are assumed to be Europe/Copenhagen',
    'a segment without vehicles has no speed: its row gives a count alone',
    'a segment without a snapshot sends its id alone, which is no measurement: a reject',
    'snapshots more than a year before the newest keep that distance: the platform uses the time of receipt',
  ],
  build(rows, now) {
    const times = rows.map((row) =>
      row.snapshot_time ? localToUtc(row.snapshot_time, 'Europe/Copenhagen') : undefined,
    );
    const shift = wholeWeeks(Math.max(...times.filter((t) => t !== undefined)), now);
    const tally = createTally();
    let rejected = 0;
    const messages = rows.map((row, i) => {
      const asset = `aarhus-${row.report_id}`;
      const device = `replay-${asset}`;
      const measured = times[i];
      if (measured === undefined) {
        rejected++;
        return { device, payload: JSON.stringify({ segment: row.report_id }) };
      }
      const time = measured + shift;
      const vehicles = Number(row.vehicle_count);
      const speed = Number(row.avg_speed_kmh);
      tally.add(asset, 'vehicleCount', time, vehicles);
      if (vehicles > 0) tally.add(asset, 'averageVehicleSpeed', time, speed);
      return {
        device,
        payload: JSON.stringify({
          time: new Date(time).toISOString(),
          vehicleCount: vehicles,
          ...(vehicles > 0 ? { averageVehicleSpeed: speed } : {}),
        }),
      };
    });
    return {
      owner: OWNER,
      registration: {
        organisations: [{ id: OWNER, body: { name: 'Genafspilning: Aarhus 2024', kind: 'supplier' } }],
        assets: rows.map((row) => ({
          id: `aarhus-${row.report_id}`,
          body: {
            owner: OWNER,
            type: 'traffic-counter',
            name: (row.name ?? '').trim(),
            location: {
              type: 'LineString',
              coordinates: [
                [Number(row.lon1), Number(row.lat1)],
                [Number(row.lon2), Number(row.lat2)],
              ],
            },
            externalIds: { report: row.report_id ?? '' },
            tags: ['genafspilning'],
          },
        })),
        devices: rows.map((row) => ({
          id: `replay-aarhus-${row.report_id}`,
          body: { owner: OWNER, model: 'generic-json', asset: `aarhus-${row.report_id}`, connection: { kind: 'mqtt' } },
        })),
      },
      messages,
      expected: { rows: rows.length, uplinks: rows.length, decoded: rows.length - rejected, rejected, ...tally.counts },
    };
  },
};
