/** Where OS2iot says a thing stands. */

/** Nobody measures in the Gulf of Guinea: 0, 0 is a place that nobody entered. */
export function placeOf(lat: number | undefined | null, lon: number | undefined | null) {
  if (typeof lat !== 'number' || typeof lon !== 'number' || (lat === 0 && lon === 0)) return undefined;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined;
}
