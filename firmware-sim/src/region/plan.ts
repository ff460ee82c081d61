/** What stands in each municipality of the demo, and what it is called. A row is a kind of asset. */
import type { Attributes } from '../kind.ts';
import { LIGHTING_CONTRACTOR, REGION, ringOperator, wasteOperator, wastewaterCompany } from './organisations.ts';
import type { Place } from './places.ts';

export interface PlanRow {
  kind: string;
  /** How many in the municipality with this number, 0 … 15. */
  count(place: number): number;
  owner(place: Place): string;
  operator?(place: Place): string;
  name(words: { street: string; number: number; index: number; attributes: Attributes; parent?: string }): string;
  /** Near the water where there is any. */
  shore?: boolean;
  tags?: readonly string[];
  children?: readonly PlanRow[];
}

const municipality = (place: Place): string => place.id;
const every = (n: number) => (): number => n;
const half =
  (n: number) =>
  (place: number): number =>
    place % 2 === 0 ? n : 0;

const CONTAINER_WORDS: Record<string, string> = {
  cube: 'kube',
  underground: 'Nedgravet container',
  'litter-bin': 'Affaldskurv',
};

export const plan: readonly PlanRow[] = [
  {
    kind: 'waste-container',
    count: every(6),
    owner: municipality,
    operator: wasteOperator,
    tags: ['genbrug'],
    name: ({ street, number, attributes }) => {
      const word = CONTAINER_WORDS[String(attributes.kind)] ?? 'Affaldsbeholder';
      const fraction = String(attributes.fraction);
      const what = word === 'kube' ? `${fraction[0]?.toUpperCase()}${fraction.slice(1)}kube` : word;
      return `${what} ${street} ${number}`;
    },
  },
  {
    kind: 'pumping-station',
    count: every(1),
    owner: wastewaterCompany,
    name: ({ street }) => `Pst. ${street}`,
    children: [
      {
        kind: 'pump',
        count: every(2),
        owner: wastewaterCompany,
        name: ({ index, parent }) => `Pumpe ${index + 1}, ${parent}`,
      },
    ],
  },
  {
    kind: 'lighting-cabinet',
    count: every(1),
    owner: municipality,
    operator: () => LIGHTING_CONTRACTOR,
    name: ({ street, attributes }) => `Tændskab ${attributes.cabinetNumber} ${street}`,
    children: [
      {
        kind: 'street-light',
        count: every(3),
        owner: municipality,
        operator: () => LIGHTING_CONTRACTOR,
        name: ({ street, attributes }) => `Lyspunkt ${attributes.lampNumber} ${street}`,
      },
    ],
  },
  {
    kind: 'rescue-ring',
    count: every(2),
    owner: municipality,
    operator: ringOperator,
    shore: true,
    name: ({ street, index }) => `${index === 0 ? 'Badebroen' : 'Søen'} ved ${street}`,
  },
  {
    kind: 'water-level',
    count: every(1),
    owner: municipality,
    name: ({ street }) => `Åen ved ${street}`,
  },
  {
    kind: 'overflow',
    count: half(1),
    owner: wastewaterCompany,
    name: ({ street }) => `Overløbsbygværk ${street}`,
  },
  {
    kind: 'manhole',
    count: (place) => (place % 2 === 1 ? 1 : 0),
    owner: wastewaterCompany,
    name: ({ street, attributes }) => `Brønd ${attributes.node} ${street}`,
  },
  {
    kind: 'groundwater',
    count: half(1),
    owner: () => REGION,
    name: ({ attributes }) => `Boring DGU ${attributes.dgu}`,
  },
  {
    kind: 'traffic-counter',
    count: every(1),
    owner: municipality,
    name: ({ attributes, number }) => `Trafiktælling ${attributes.road} ${number}`,
  },
  {
    kind: 'people-counter',
    count: half(1),
    owner: municipality,
    name: ({ street }) => `Biblioteket ${street}`,
  },
  {
    kind: 'air-quality',
    count: (place) => (place % 2 === 1 ? 1 : 0),
    owner: (place) => (place.id === 'ravnsholt' ? REGION : place.id),
    name: ({ street }) => `Luftkvalitet ${street}`,
  },
  {
    kind: 'indoor-climate',
    count: every(2),
    owner: municipality,
    tags: ['skole'],
    name: ({ attributes }) => `Klasselokale ${attributes.room}, ${attributes.building}`,
  },
  {
    kind: 'parking-area',
    count: half(1),
    owner: municipality,
    name: ({ street }) => `Parkering ${street}`,
    children: [
      {
        kind: 'parking-space',
        count: every(3),
        owner: municipality,
        name: ({ index, parent }) => `Bås ${index + 1}, ${parent}`,
      },
    ],
  },
  {
    kind: 'soil-moisture',
    count: every(1),
    owner: municipality,
    tags: ['vejtræer'],
    name: ({ street, attributes }) => `Vejtræ (${attributes.species}) ${street}`,
  },
  {
    kind: 'road-weather',
    count: every(1),
    owner: municipality,
    tags: ['vintertjeneste'],
    name: ({ attributes, number }) => `Glatføremåler ${attributes.road} km ${number}`,
  },
];
