/** The box around a place, in degrees: what the database compares with the box of a map. */
import type { Location } from '../../model/asset.ts';

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** `undefined` when there is no place, or its coordinates hold no position. */
export function boundsOf(location: Location | undefined): Bounds | undefined {
  if (!location) return undefined;
  if ('lat' in location) {
    const { lat, lon } = location;
    return { west: lon, south: lat, east: lon, north: lat };
  }
  const bounds: Bounds = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  extend(bounds, location.coordinates, 0);
  return bounds.west === Infinity ? undefined : bounds;
}

// GeoJSON nests positions at most four deep (RFC 7946 section 3.1.7, MultiPolygon).
function extend(bounds: Bounds, coordinates: readonly unknown[], depth: number): void {
  const [lon, lat] = coordinates;
  if (typeof lon === 'number' && typeof lat === 'number') {
    bounds.west = Math.min(bounds.west, lon);
    bounds.east = Math.max(bounds.east, lon);
    bounds.south = Math.min(bounds.south, lat);
    bounds.north = Math.max(bounds.north, lat);
    return;
  }
  if (depth === 4) return;
  for (const part of coordinates) if (Array.isArray(part)) extend(bounds, part, depth + 1);
}
