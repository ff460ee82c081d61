/** Traffic counters; directions, lanes and vehicle classes are channels. */
import type { AssetType } from '../../../model/catalogue.ts';
import { number, text } from '../attribute.ts';

export const trafficCounter: AssetType = {
  id: 'traffic-counter',
  label: { da: 'trafiktæller', en: 'traffic counter' },
  quantities: ['vehicleCount', 'averageVehicleSpeed', 'speedV85'],
  heartbeat: 3600,
  attributes: [
    number('speedLimit', 'hastighedsgrænse', 'speed limit', 'km/h'),
    text('road', 'vej', 'road'),
    number('interval', 'tælleperiode', 'counting period', 'min'),
  ],
  derived: [],
  sharing: 'open',
  rules: [],
};
