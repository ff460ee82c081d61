/** Water: levels, flow, rain, and what pumps and meters count. */
import { counter, gauge, interval, sdm, state, UNBOUNDED } from '../quantity.ts';

export const waterQuantities = [
  // The datum (DVR90 or a local one) is an attribute of the asset.
  gauge('waterLevel', 'vandstand (kote)', 'water level', 'm', [-100, 200], {
    decimals: 2,
    ...sdm('FloodMonitoring.currentLevel'),
  }),
  gauge('depthToWater', 'vandspejl under terræn', 'depth to water', 'm', [-5, 200], { decimals: 2 }),
  // A pressure cell that hangs in the air reads a little below nothing.
  gauge('waterDepth', 'vanddybde over bund', 'water depth', 'm', [0, 100], { decimals: 2, clampFrom: [-0.15, 100] }),
  gauge('freeboard', 'afstand til faregrænse', 'freeboard', 'm', [-200, 300], { decimals: 2 }),
  gauge('flow', 'flow', 'flow', 'm3/h', [-100_000, 100_000], { decimals: 1, ...sdm('WaterObserved.flow') }),
  interval('overflowVolume', 'aflastet mængde', 'overflow volume', 'm3', [0, UNBOUNDED], { decimals: 1 }),
  // 60 mm in 10 minutes is what a gauge can count.
  interval('precipitation', 'nedbør', 'precipitation', 'mm', [0, 360], {
    decimals: 1,
    ...sdm('WeatherObserved.precipitation'),
  }),
  state(
    'pumpState',
    'pumpedrift',
    'pump state',
    [
      ['stopped', 'stoppet', 'stopped'],
      ['running', 'kører', 'running'],
      ['fault', 'fejl', 'fault'],
      ['manual', 'manuel', 'manual'],
    ],
    { booleans: ['stopped', 'running'] },
  ),
  counter('runTime', 'driftstimer', 'run time', 'h', [0, UNBOUNDED], { decimals: 1 }),
  counter('startCount', 'starter', 'starts', '{start}', [0, UNBOUNDED], { decimals: 0 }),
  counter('waterVolume', 'vandforbrug', 'water consumption', 'm3', [0, UNBOUNDED], { decimals: 2 }),
  state(
    'waterLeak',
    'lækage',
    'water leak',
    [
      ['dry', 'tør', 'dry'],
      ['leak', 'lækage', 'leak'],
    ],
    { booleans: ['dry', 'leak'] },
  ),
];
