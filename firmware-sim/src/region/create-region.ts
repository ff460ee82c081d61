/** A seeded region of 16 invented municipalities and some 400 assets, as bodies for the platform's API. */
import type { Attributes, AttributeValue, Position } from '../kind.ts';
import { kindOf } from '../kinds/list.ts';
import { createRng, type Rng } from '../world/rng.ts';
import type { Situation } from '../world/situations.ts';
import { organisations, type RegionOrganisation } from './organisations.ts';
import { PLACES, type Place, SCHOOLS, STREETS } from './places.ts';
import { type PlanRow, plan } from './plan.ts';
import { script } from './script.ts';

interface AssetBody {
  owner: string;
  operator?: string;
  municipalityCode: string;
  type: string;
  name: string;
  location: Position;
  parent?: string;
  attributes: Attributes;
  externalIds?: Record<string, string>;
  tags: string[];
}

interface RegionAsset {
  id: string;
  body: AssetBody;
}

interface RegionDevice {
  id: string;
  body: { owner: string; model: string; asset: string; connection: { kind: 'mqtt' } };
  kind: string;
  /** Which child of its parent. */
  index: number;
  situations: readonly Situation[];
}

export interface Region {
  seed: string;
  /** Shown on every page: nothing here is real. */
  banner: { da: string; en: string };
  organisations: readonly RegionOrganisation[];
  /** Parents come before their children. */
  assets: RegionAsset[];
  /** One an asset. */
  devices: RegionDevice[];
}

/** The same seed gives the same region. */
export function createRegion(seed: string | number): Region {
  const rng = createRng(`region ${seed}`);
  const region: Region = {
    seed: String(seed),
    banner: { da: 'Eksempeldata', en: 'Example data' },
    organisations,
    assets: [],
    devices: [],
  };
  const seen = new Map<string, number>();
  PLACES.forEach((place, number) => {
    const streets = shuffled(STREETS, rng.split(`streets ${place.id}`));
    const take = (): string => {
      const street = streets.shift()!; // put back at once, so never empty
      streets.push(street);
      return street;
    };
    for (const row of plan) {
      for (let i = 0; i < row.count(number); i++) {
        addAsset({ region, rng, place, number, row, index: i, takeStreet: take, seen });
      }
    }
  });
  return region;
}

interface Adding {
  region: Region;
  rng: Rng;
  place: Place;
  number: number;
  row: PlanRow;
  index: number;
  takeStreet(): string;
  seen: Map<string, number>;
  parent?: { asset: RegionAsset; street: string; situations: readonly Situation[] };
}

function addAsset(adding: Adding): void {
  const { region, place, row, index, parent, seen } = adding;
  const id = parent ? `${parent.asset.id}.${index + 1}` : `${place.id}-${row.kind}-${index + 1}`;
  const rng = adding.rng.split(id);
  const kind = kindOf(row.kind);
  const nth = seen.get(row.kind) ?? 0;
  seen.set(row.kind, nth + 1);
  const scene = script.find((s) => s.kind === row.kind && s.nth === nth);
  const street = parent?.street ?? adding.takeStreet();
  const attributes: Record<string, AttributeValue> = {
    ...kind.attributes(rng.split('attributes'), parent?.asset.body.attributes),
    ...scene?.attributes,
  };
  if (row.kind === 'indoor-climate') attributes.building = rng.pick(SCHOOLS);
  if (row.kind === 'street-light' && parent) attributes.cabinet = String(parent.asset.body.attributes.cabinetNumber);
  const owner = row.owner(place);
  const operator = row.operator?.(place);
  const asset: RegionAsset = {
    id,
    body: {
      owner,
      ...(operator && operator !== owner ? { operator } : {}),
      municipalityCode: place.municipalityCode,
      type: kind.assetType,
      name: row.name({
        street,
        number: 1 + rng.int(60),
        index,
        attributes,
        ...(parent ? { parent: parent.asset.body.name } : {}),
      }),
      location: parent
        ? scatter(parent.asset.body.location, 0.06, rng)
        : row.shore && place.shore && index === 0
          ? scatter(place.shore, 0.05, rng)
          : scatter(place.centre, 2.4, rng),
      ...(parent ? { parent: parent.asset.id } : {}),
      attributes,
      ...externalIds(attributes),
      tags: ['eksempeldata', ...(row.tags ?? [])],
    },
  };
  const situations = [...(parent?.situations ?? []), ...(scene?.situations ?? [])];
  region.assets.push(asset);
  region.devices.push({
    id: `s-${id}`,
    body: { owner, model: 'generic-json', asset: id, connection: { kind: 'mqtt' } },
    kind: row.kind,
    index,
    situations,
  });
  for (const child of row.children ?? []) {
    for (let i = 0; i < child.count(adding.number); i++) {
      addAsset({ ...adding, row: child, index: i, parent: { asset, street, situations } });
    }
  }
}

/** Names under which other systems know it. */
function externalIds(attributes: Attributes): { externalIds?: Record<string, string> } {
  const ids = Object.fromEntries(
    ['redningsnummer', 'lampNumber', 'cabinetNumber', 'dgu', 'pulsId', 'node'].flatMap((name) =>
      typeof attributes[name] === 'string' ? [[name, attributes[name]]] : [],
    ),
  );
  return Object.keys(ids).length > 0 ? { externalIds: ids } : {};
}

/** Somewhere within so many kilometres. */
function scatter(around: Position, kilometres: number, rng: Rng): Position {
  const angle = rng.between(0, 2 * Math.PI);
  const distance = kilometres * Math.sqrt(rng.next());
  const lat = around.lat + (distance * Math.sin(angle)) / 111.2;
  const lon = around.lon + (distance * Math.cos(angle)) / (111.2 * Math.cos((around.lat * Math.PI) / 180));
  return { lat: Math.round(lat * 1e5) / 1e5, lon: Math.round(lon * 1e5) / 1e5 };
}

function shuffled<T>(list: readonly T[], rng: Rng): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = rng.int(i + 1);
    [copy[i], copy[j]] = [copy[j]!, copy[i]!]; // both are places of the list
  }
  return copy;
}
