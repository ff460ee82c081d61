/** Whether a text is a JSONata expression (jsonata.org). It is only parsed here; evaluating one is for a sandbox. */
import jsonata from 'jsonata';
import Type from 'typebox';

export const Expression = Type.String({ minLength: 1, maxLength: 20_000, description: 'JSONata' });

/** What the parser has against it and where; `undefined` for an expression. */
export function expressionFault(text: string): string | undefined {
  try {
    jsonata(text);
    return undefined;
  } catch (error) {
    const { message = 'cannot be parsed', position } = error as { message?: string; position?: number };
    return position === undefined ? message : `${message} (at character ${position})`;
  }
}
