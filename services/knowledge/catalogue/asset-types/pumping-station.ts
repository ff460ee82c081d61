/** Pumping stations of the sewer. Starts per hour and kWh per m³ are differences of counters over a period: charts compute them. */
import type { AssetType } from '../../../model/catalogue.ts';
import { choice, number } from '../attribute.ts';

export const pumpingStation: AssetType = {
  id: 'pumping-station',
  label: { da: 'pumpestation', en: 'pumping station' },
  quantities: ['waterDepth', 'flow', 'energy', 'mainsPower', 'doorState'],
  heartbeat: 15 * 60,
  safety: true,
  attributes: [
    choice('category', 'kategori', 'category', ['A', 'B', 'C', 'D']),
    number('startLevel', 'startniveau', 'start level', 'm'),
    number('stopLevel', 'stopniveau', 'stop level', 'm'),
    number('highLevel', 'højt niveau', 'high level', 'm'),
    number('overflowLevel', 'overløbsniveau', 'overflow level', 'm'),
    number('sumpArea', 'sumpareal', 'sump area', 'm2'),
  ],
  derived: [],
  sharing: 'internal',
  rules: [],
};
