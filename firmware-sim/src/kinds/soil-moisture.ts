/** Soil under a street tree: rain wets it from above, sun and roots dry it. */
import { clamp, type Kind, numberOf, round } from '../kind.ts';
import { batteryLevel } from '../world/battery.ts';
import { DAY, HOUR } from '../world/local-time.ts';

// Percent by volume: where plants wilt, and what the soil holds against gravity.
const SOILS: Record<string, readonly [number, number]> = { sand: [4, 17], muld: [9, 31], ler: [14, 39] };
const DRY_LIMIT: Record<string, number> = { sand: 8, muld: 14, ler: 18 };

export const soilMoisture: Kind = {
  id: 'soil-moisture',
  assetType: 'soil-moisture',
  label: { da: 'jordfugt', en: 'soil moisture' },

  attributes(rng) {
    const soil = rng.pick(['sand', 'muld', 'ler']);
    return {
      soil,
      dryLimit: numberOf(DRY_LIMIT, soil, 14),
      species: rng.pick(['lind', 'røn', 'eg', 'bøg', 'ahorn', 'kirsebær']),
      planted: `20${15 + rng.int(10)}-${rng.pick(['04', '11'])}-${10 + rng.int(18)}`,
    };
  },

  create({ rng, attributes, weather, startMs }) {
    const [wilting, field] = SOILS[String(attributes.soil)] ?? [9, 31];
    const battery = batteryLevel(rng.split('battery'));
    const layers = [
      { channel: '30cm', vwc: rng.between(wilting + 3, field), speed: 1 },
      { channel: '60cm', vwc: rng.between(wilting + 5, field), speed: 0.45 },
    ];
    let soil = weather.temperature(startMs) * 0.5 + 4;
    let last = startMs;
    return {
      intervalSeconds: 2 * 3600,
      sample(t) {
        while (last < t) {
          const step = Math.min(HOUR, t - last);
          const air = weather.temperature(last);
          soil += (air * 0.85 + 1.5 - soil) * (1 - Math.exp(-step / (1.5 * DAY)));
          const rain = (weather.rain(last) * step) / HOUR;
          const dryingPerDay = clamp(air, 0, 25) * 0.035;
          for (const layer of layers) {
            layer.vwc += rain * 0.22 * layer.speed - (dryingPerDay * layer.speed * step) / DAY;
            if (layer.vwc > field) layer.vwc += (field - layer.vwc) * (1 - Math.exp(-step / (8 * HOUR)));
            layer.vwc = clamp(layer.vwc, wilting, field + 6);
          }
          last += step;
        }
        return {
          ...Object.fromEntries(
            layers.map((l) => [`soilMoistureVwc.${l.channel}`, round(clamp(l.vwc + rng.normal(0, 0.1), 0, 100), 1)]),
          ),
          soilTemperature: round(soil + rng.normal(0, 0.05), 1),
          batteryLevel: battery(t),
        };
      },
    };
  },
};
