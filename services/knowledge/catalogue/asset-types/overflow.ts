/** Combined sewer overflows: when water stands over the edge, and how much leaves. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';
import { fromWaterLevel, waterLevelFromSensor } from '../water-formulas.ts';

const CD = 0.62;
const G = 9.80665;
const SECONDS_PER_HOUR = 3600;

/** m³/h over the edge; 0 while the water stands below it. */
function weirFlow(level: number, { crestLevel, crestWidth }: Readonly<Record<string, number>>): number {
  const head = Math.max(0, level - crestLevel!);
  return (2 / 3) * CD * crestWidth! * Math.sqrt(2 * G) * head ** 1.5 * SECONDS_PER_HOUR;
}

export const overflow: AssetType = {
  id: 'overflow',
  label: { da: 'overløbsbygværk', en: 'combined sewer overflow' },
  quantities: ['waterLevel', 'distance', 'flow'],
  heartbeat: 15 * 60,
  parent: ['pumping-station', 'water-level'],
  attributes: [
    number('crestLevel', 'overløbskant (DVR90)', 'crest level (DVR90)', 'm'),
    number('sensorElevation', 'sensorkote (DVR90)', 'sensor elevation (DVR90)', 'm'),
    number('crestWidth', 'bredde af overløbskant', 'crest width', 'm'),
    text('pulsId', 'PULS-id', 'PULS id'),
    text('recipient', 'recipient', 'receiving water'),
    number('eventGap', 'ophold mellem hændelser', 'gap between events', 'h', { default: 5 }),
  ],
  derived: [
    ...waterLevelFromSensor,
    ...fromWaterLevel(
      'flow',
      ['crestLevel', 'crestWidth'],
      'Computed: Q = ⅔·Cd·b·√(2g)·h^1.5 over a sharp-crested weir (Poleni), Cd 0.62; ISO 1438 is finer',
      weirFlow,
    ),
  ],
  sharing: 'internal',
  rules: [
    {
      // Over when it has stayed below for the usual eventGap of 5 h, so that one shower is one event.
      id: 'running',
      name: { da: 'Overløb', en: 'Overflow' },
      condition: {
        kind: 'threshold',
        quantity: 'waterLevel',
        raise: { op: '>', limit: { attribute: 'crestLevel' } },
        forSeconds: 60,
        clearForSeconds: 5 * 3600,
      },
      severity: 'high',
      outcome: 'alarm',
      to: ['operations'],
      sentence: {
        da: '{name} løber over: {over:cm} cm over overløbskanten.',
        en: '{name} overflows: {over:cm} cm over the crest.',
      },
    },
  ],
};
