/** An organisation: whose data, who answers. Municipality, region, utility, contractor, association. */
import Type, { type Static } from 'typebox';
import { Id, Name } from './ids.ts';

const ORGANISATION_KINDS = [
  'municipality',
  'region',
  'utility',
  'joint-company',
  'fire-service',
  'contractor',
  'supplier',
  'association',
] as const;

export const OrganisationBody = Type.Object(
  {
    name: Name,
    kind: Type.Enum([...ORGANISATION_KINDS]),
    municipalityCode: Type.Optional(Type.String({ pattern: '^\\d{4}$', description: 'four digits, as text' })),
    commandTypes: Type.Optional(
      Type.Array(Id, {
        maxItems: 100,
        description: 'asset types it operates whose devices may be sent commands; none unless named',
      }),
    ),
  },
  { additionalProperties: false },
);
export type OrganisationBody = Static<typeof OrganisationBody>;
export type Organisation = OrganisationBody & { id: string };
