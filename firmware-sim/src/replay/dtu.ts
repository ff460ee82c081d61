/** Distances in the waste bins of a LoRa pilot at DTU, 2016: real gaps, real repetitions. */
import { localToUtc } from '../world/local-time.ts';
import { createTally, type Dataset, wholeWeeks } from './dataset.ts';

const OWNER = 'replay-dtu';

export const dtu: Dataset = {
  id: 'dtu',
  title: 'DTU smart trash, May 2016',
  attribution: 'AndreCL/Smart-trash, MIT, Copyright (c) 2016 Andre.',
  file: 'dtu-smart-trash-2016.csv',
  notes: [
    'the zone of the local times is not stated; Europe/Copenhagen is assumed',
    'centimetres become millimetres; the bins were not calibrated, so no filling level is derived',
    'some rows come twice: the second is a duplicate',
  ],
  build(rows, now) {
    const times = rows.map((row) => localToUtc(row.time_local ?? '', 'Europe/Copenhagen'));
    const shift = wholeWeeks(Math.max(...times), now);
    const sensors = [...new Set(rows.map((row) => row.sensor_id ?? ''))];
    const tally = createTally();
    const messages = rows.map((row, i) => {
      const time = times[i]! + shift; // one time a row
      const distance = Number(row.distance_cm) * 10;
      tally.add(`dtu-${row.sensor_id}`, 'distance', time, distance);
      return {
        device: `replay-dtu-${row.sensor_id}`,
        payload: JSON.stringify({ time: new Date(time).toISOString(), distance }),
      };
    });
    return {
      owner: OWNER,
      registration: {
        organisations: [{ id: OWNER, body: { name: 'Genafspilning: DTU 2016', kind: 'supplier' } }],
        assets: sensors.map((sensor) => ({
          id: `dtu-${sensor}`,
          body: { owner: OWNER, type: 'waste-container', name: `DTU ${sensor}`, tags: ['genafspilning'] },
        })),
        devices: sensors.map((sensor) => ({
          id: `replay-dtu-${sensor}`,
          body: { owner: OWNER, model: 'generic-json', asset: `dtu-${sensor}`, connection: { kind: 'mqtt' } },
        })),
      },
      messages,
      expected: { rows: rows.length, uplinks: rows.length, decoded: rows.length, rejected: 0, ...tally.counts },
    };
  },
};
