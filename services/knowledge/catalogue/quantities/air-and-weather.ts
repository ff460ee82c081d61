/** Air indoors and out, noise, light, weather and roads. */
import { gauge, sdm, state } from '../quantity.ts';

export const airAndWeatherQuantities = [
  gauge('temperature', 'temperatur', 'temperature', 'Cel', [-50, 150], { decimals: 1, ...sdm('temperature') }),
  gauge('relativeHumidity', 'luftfugtighed', 'relative humidity', '%', [0, 100], {
    decimals: 0,
    ...sdm('relativeHumidity', 0.01),
  }),
  gauge('dewPoint', 'dugpunkt', 'dew point', 'Cel', [-60, 60], { decimals: 1, ...sdm('WeatherObserved.dewPoint') }),
  // The factor gives mg/L at 20 °C.
  gauge('co2', 'CO₂', 'CO₂', '[ppm]', [0, 40_000], { decimals: 0, ...sdm('IndoorEnvironmentObserved.co2', 0.00183) }),
  gauge('pm1', 'partikler PM1', 'particles PM1', 'ug/m3', [0, 2000], { decimals: 1, ...sdm('AirQualityObserved.pm1') }),
  gauge('pm25', 'partikler PM2,5', 'particles PM2.5', 'ug/m3', [0, 2000], {
    decimals: 1,
    ...sdm('AirQualityObserved.pm25'),
  }),
  gauge('pm10', 'partikler PM10', 'particles PM10', 'ug/m3', [0, 2000], {
    decimals: 1,
    ...sdm('AirQualityObserved.pm10'),
  }),
  gauge('no2', 'kvælstofdioxid', 'nitrogen dioxide', 'ug/m3', [0, 5000], {
    decimals: 0,
    ...sdm('AirQualityObserved.no2'),
  }),
  gauge('o3', 'ozon', 'ozone', 'ug/m3', [0, 5000], { decimals: 0, ...sdm('AirQualityObserved.o3') }),
  gauge('so2', 'svovldioxid', 'sulphur dioxide', 'ug/m3', [0, 5000], {
    decimals: 0,
    ...sdm('AirQualityObserved.so2'),
  }),
  gauge('co', 'kulilte', 'carbon monoxide', 'ug/m3', [0, 100_000], { decimals: 0, ...sdm('AirQualityObserved.co') }),
  gauge('tvoc', 'flygtige stoffer', 'volatile compounds', '[ppb]', [0, 60_000], { decimals: 0 }),
  gauge('radon', 'radon', 'radon', 'Bq/m3', [0, 50_000], { decimals: 0 }),
  gauge('laeq', 'støj (A-vægtet)', 'noise (A-weighted)', 'dB[SPL]', [0, 150], {
    decimals: 0,
    ...sdm('NoiseLevelObserved.LAeq'),
  }),
  gauge('illuminance', 'belysningsstyrke', 'illuminance', 'lx', [0, 200_000], { decimals: 0, ...sdm('illuminance') }),
  gauge('atmosphericPressure', 'lufttryk', 'atmospheric pressure', 'hPa', [800, 1100], {
    decimals: 0,
    ...sdm('atmosphericPressure'),
  }),
  gauge('windSpeed', 'vindhastighed', 'wind speed', 'm/s', [0, 80], {
    decimals: 1,
    ...sdm('WeatherObserved.windSpeed'),
  }),
  gauge('windDirection', 'vindretning', 'wind direction', 'deg', [0, 360], {
    circular: true,
    decimals: 0,
    ...sdm('WeatherObserved.windDirection'),
  }),
  gauge('roadSurfaceTemperature', 'vejtemperatur', 'road surface temperature', 'Cel', [-50, 90], { decimals: 1 }),
  state('surfaceState', 'vejoverflade', 'road surface', [
    ['dry', 'tør', 'dry'],
    ['moist', 'fugtig', 'moist'],
    ['wet', 'våd', 'wet'],
    ['ice', 'is', 'ice'],
    ['snow', 'sne', 'snow'],
  ]),
];
