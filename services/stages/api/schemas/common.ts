/** Schemas several endpoints share. */
import Type, { type TSchema } from 'typebox';
import { Id } from '../../../model/ids.ts';

/** Of something new: the pattern is checked. */
export const NewId = Type.Object({ id: Id });
/** Of something that exists or not: any text is simply not found. */
export const AnyId = Type.Object({ id: Type.String({ maxLength: 200 }) });

export const Time = Type.String({
  maxLength: 40,
  description: 'RFC 3339 with a zone, or epoch milliseconds; `from` is included, `to` is not',
});

export const PageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: '`next` of the page before' })),
};

export function PageOf(item: TSchema): TSchema {
  return Type.Object({ items: Type.Array(item), next: Type.Optional(Type.String()) });
}

/** Several names in one parameter: `avg,min,max`. */
export const Names = Type.String({ maxLength: 500, description: 'one or several, joined by commas' });

export const Confirm = Type.Object(
  { confirm: Type.Optional(Type.String({ description: 'the id once more, to delete what has history' })) },
  { additionalProperties: false },
);
