/** Checks of a place beyond what its schema says: positions are numbers within the world, closed rings are closed. */
import type { Location } from '../../model/asset.ts';
import type { FieldError } from './problems.ts';

/** How many arrays a geometry's coordinates are deep: a Point is one position. RFC 7946 section 3.1. */
const DEPTH = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 } as const;

const MOST_POSITIONS = 10_000;

export function checkLocation(location: Location): FieldError[] {
  if ('lat' in location) return [];
  const counted = { positions: 0 };
  const wrong = wrongPart(location.coordinates, DEPTH[location.type as keyof typeof DEPTH], counted); // by its schema
  return wrong ? [{ pointer: '/location/coordinates', detail: wrong }] : [];
}

function wrongPart(part: unknown, depth: number, counted: { positions: number }): string | undefined {
  if (!Array.isArray(part)) return 'must be arrays of positions [longitude, latitude]';
  if (depth === 0) {
    if (++counted.positions > MOST_POSITIONS) return `must not have more than ${MOST_POSITIONS} positions`;
    return isPosition(part) ? undefined : 'a position is [longitude, latitude] in degrees (WGS 84)';
  }
  for (const inner of part) {
    const wrong = wrongPart(inner, depth - 1, counted);
    if (wrong) return wrong;
  }
  return undefined;
}

function isPosition(part: unknown[]): boolean {
  const [lon, lat, height = 0, ...more] = part;
  return (
    more.length === 0 &&
    typeof lon === 'number' &&
    typeof lat === 'number' &&
    typeof height === 'number' &&
    Math.abs(lon) <= 180 &&
    Math.abs(lat) <= 90
  );
}
