/** Identifiers, as the contract fixes them: unique in the installation, safe in topics, URLs, file names and SQL. */
import Type from 'typebox';

const ID_PATTERN = '^[a-z0-9][a-z0-9._-]{0,63}$';
const ID = new RegExp(ID_PATTERN);

export const Id = Type.String({
  pattern: ID_PATTERN,
  description: 'a-z, 0-9, dot, dash, underscore; at most 64 characters',
});

export function isId(text: string): boolean {
  return ID.test(text);
}

/** What people call a thing: no control characters, which some databases and every terminal refuse. */
export const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]*$' });
