/** Turns TypeBox schemas into Fastify validators whose errors name each field that is wrong, and nothing else. */
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import { type FieldError, Problem } from './problems.ts';

// The default of 8 is soon used up by the branches of a union that were never meant.
Settings.Set({ maxErrors: 64 });

interface SchemaError {
  keyword: string;
  schemaPath: string;
  instancePath: string;
  params: object;
  message: string;
}

/** Query and path parameters arrive as text and are converted; a body is taken as it is. Unknown keys are errors. */
export function compileValidator({ schema, httpPart }: { schema: TSchema; httpPart?: string | undefined }) {
  const check = Compile(schema);
  return (value: unknown): { value: unknown } | { error: Error } => {
    const given =
      httpPart === 'body' ? Value.Default(schema, value) : Value.Default(schema, Value.Convert(schema, value));
    if (check.Check(given)) return { value: given };
    const errors = fieldErrors(check.Errors(given));
    const [first] = errors;
    const detail = first ? `${first.pointer || 'The whole'}: ${first.detail}` : 'The input does not fit the schema.';
    return { error: new Problem('invalid-input', detail, { errors }) };
  };
}

/** At most 20, one a pointer. */
function fieldErrors(found: readonly SchemaError[]): FieldError[] {
  const inBranch = found.filter((e) => !inAbandonedBranch(e, found));
  // That no form fits is worth saying only where nothing closer was found.
  const meant = inBranch.filter(
    (e) => e.keyword !== 'anyOf' || !inBranch.some((other) => other.schemaPath.startsWith(`${e.schemaPath}/anyOf/`)),
  );
  const byPointer = new Map<string, string>();
  for (const error of meant) {
    for (const { pointer, detail } of spell(error)) if (!byPointer.has(pointer)) byPointer.set(pointer, detail);
  }
  return [...byPointer].slice(0, 20).map(([pointer, detail]) => ({ pointer, detail }));
}

function spell({ keyword, instancePath, params, message }: SchemaError): FieldError[] {
  const given = params as Record<string, unknown>;
  const names = (key: string): string[] => (given[key] as string[] | undefined) ?? []; // as TypeBox documents them
  const at = (name: string): string => `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  switch (keyword) {
    case 'required':
      return names('requiredProperties').map((name) => ({ pointer: at(name), detail: 'is missing' }));
    case 'additionalProperties':
      return names('additionalProperties').map((name) => ({ pointer: at(name), detail: 'is not known here' }));
    case 'boolean': // said again by `additionalProperties`
      return [];
    case 'enum':
      return [{ pointer: instancePath, detail: `must be one of ${names('allowedValues').join(', ')}` }];
    case 'const':
      return [{ pointer: instancePath, detail: `must be ${String(given.allowedValue)}` }];
    case 'anyOf':
      return [{ pointer: instancePath, detail: 'does not fit any of the allowed forms' }];
    default:
      return [{ pointer: instancePath, detail: message }];
  }
}

const BRANCH = /^(.*?\/anyOf)\/(\d+)(?:\/|$)/;

// A union reports the errors of all its branches. The branch that was meant is the one with the fewest errors, where a
// wrong constant (`kind`) or a wrong type of the whole outweighs everything: then another branch was meant.
function inAbandonedBranch(error: SchemaError, all: readonly SchemaError[]): boolean {
  const own = BRANCH.exec(error.schemaPath);
  if (!own) return false;
  const [, union = '', index = ''] = own;
  const weights = new Map<string, number>();
  for (const other of all) {
    const match = BRANCH.exec(other.schemaPath);
    if (match?.[1] !== union) continue;
    const isWhole = other.keyword === 'type' && other.schemaPath === `${union}/${match[2]}`;
    const weight = other.keyword === 'const' || isWhole ? 100 : spell(other).length;
    weights.set(match[2]!, (weights.get(match[2]!) ?? 0) + weight); // the second group took part in the match
  }
  const least = Math.min(...weights.values());
  return (weights.get(index) ?? 0) > least;
}
