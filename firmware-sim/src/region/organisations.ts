/** Who owns and who answers, in the region of the demo: the shape of Danish cooperation, under invented names. */
import { PLACES, type Place } from './places.ts';

interface OrganisationBody {
  name: string;
  kind:
    | 'municipality'
    | 'region'
    | 'utility'
    | 'joint-company'
    | 'fire-service'
    | 'contractor'
    | 'supplier'
    | 'association';
  municipalityCode?: string;
}

export interface RegionOrganisation {
  id: string;
  body: OrganisationBody;
}

export const REGION = 'eksempelregionen';
export const LIGHTING_CONTRACTOR = 'lysmester';
const RING_KEEPERS = 'kystens-venner';

const OTHERS: readonly RegionOrganisation[] = [
  { id: REGION, body: { name: 'Eksempelregionen', kind: 'region' } },
  { id: 'aa-og-fjord', body: { name: 'Å & Fjord Spildevand A/S', kind: 'utility' } },
  { id: 'hede-vand', body: { name: 'Hede Vand A/S', kind: 'utility' } },
  { id: 'soenderaa-forsyning', body: { name: 'Sønderå Forsyning A/S', kind: 'utility' } },
  { id: 'firklang', body: { name: 'Firklang Affald I/S', kind: 'joint-company' } },
  { id: 'beredskab-nord', body: { name: 'Brand & Redning Eksempel Nord', kind: 'fire-service' } },
  { id: 'beredskab-syd', body: { name: 'Brand & Redning Eksempel Syd', kind: 'fire-service' } },
  { id: LIGHTING_CONTRACTOR, body: { name: 'Lysmester Eksempel A/S', kind: 'contractor' } },
  { id: 'sensorhuset', body: { name: 'Sensorhuset Eksempel ApS', kind: 'supplier' } },
  { id: RING_KEEPERS, body: { name: 'Kystens Venner (eksempel)', kind: 'association' } },
];

export const organisations: readonly RegionOrganisation[] = [
  ...PLACES.map((p) => ({
    id: p.id,
    body: { name: `${p.name} Kommune`, kind: 'municipality' as const, municipalityCode: p.municipalityCode },
  })),
  ...OTHERS,
];

const WASTE_PARTNERS = new Set(['klitmose', 'hedelund', 'vestermose', 'birkelund']);

/** One wastewater company for the north and middle, one for the heath, one of its own in the south. */
export function wastewaterCompany(place: Place): string {
  const index = PLACES.indexOf(place);
  return index < 9 ? 'aa-og-fjord' : index < 13 ? 'hede-vand' : 'soenderaa-forsyning';
}

/** Four municipalities share a waste company; the others empty their own bins. */
export function wasteOperator(place: Place): string {
  return WASTE_PARTNERS.has(place.id) ? 'firklang' : place.id;
}

/** The coast south of the heath has volunteers; elsewhere a fire service answers for a ring. */
export function ringOperator(place: Place): string {
  if (place.id === 'soenderaa') return RING_KEEPERS;
  return PLACES.indexOf(place) < 9 ? 'beredskab-nord' : 'beredskab-syd';
}
