/** Soil moisture of trees, beds and pitches; depths are channels. */
import type { AssetType } from '../../../model/catalogue.ts';
import { choice, date, number, text } from '../attribute.ts';

export const soilMoisture: AssetType = {
  id: 'soil-moisture',
  label: { da: 'jordfugtmåler', en: 'soil moisture' },
  quantities: ['soilMoistureVwc', 'soilMoisturePressure', 'soilTemperature'],
  heartbeat: 6 * 3600,
  attributes: [
    choice('soil', 'jordtype', 'soil', ['sand', 'muld', 'ler']),
    number('dryLimit', 'tørkegrænse', 'dry limit', '%'),
    text('species', 'art', 'species'),
    date('planted', 'plantet', 'planted'),
  ],
  derived: [],
  sharing: 'open',
  rules: [],
};
