/** Codecs as the API shows them, and what the test bench takes and gives. */
import Type, { type Static } from 'typebox';
import { CodecBody, CodecExample, SIGNATURES } from '../../../model/codec.ts';

export const CodecShown = Type.Object({
  id: Type.String(),
  ...CodecBody.properties,
  signature: Type.Enum([...SIGNATURES]),
  version: Type.Integer({ description: 'one more for each change of script, signature or examples' }),
  createdAt: Type.String({ description: 'of this version' }),
});

const { script: _, examples: __, ...short } = CodecShown.properties;
/** In lists: scripts are long. */
export const CodecListed = Type.Object({ ...short, examples: Type.Integer({ description: 'how many' }) });

const frame = {
  bytesHex: CodecExample.properties.bytesHex,
  fPort: CodecExample.properties.fPort,
  recvTime: CodecExample.properties.recvTime,
  variables: CodecExample.properties.variables,
};

export const TestBody = Type.Object(
  {
    ...frame,
    model: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'whose mapping gives the readings; by default one that names this codec',
      }),
    ),
  },
  { additionalProperties: false },
);
export type TestBody = Static<typeof TestBody>;

export const BenchBody = Type.Object(
  {
    ...frame,
    script: Type.Optional(Type.String({ minLength: 1, maxLength: 512 * 1024, description: 'one that is not kept' })),
    signature: CodecBody.properties.signature,
    codec: Type.Optional(Type.String({ maxLength: 200, description: 'a built-in codec, or script:{id}' })),
    model: Type.Optional(Type.String({ maxLength: 200, description: 'a device model: its codec and its mapping' })),
  },
  { additionalProperties: false },
);
export type BenchBody = Static<typeof BenchBody>;

export const BenchAnswer = Type.Object({
  data: Type.Optional(Type.Unknown({ description: 'what the codec answered' })),
  warnings: Type.Array(Type.String()),
  errors: Type.Array(Type.String(), { description: 'of the codec, or why it was stopped; then there is no data' }),
  readings: Type.Array(
    Type.Object({
      time: Type.Optional(Type.String({ description: 'absent: when the frame was heard' })),
      quantity: Type.String(),
      value: Type.Union([Type.Number(), Type.String()]),
      unit: Type.String(),
      suspect: Type.Optional(Type.Boolean()),
    }),
  ),
  unknownKeys: Type.Array(Type.String(), { description: 'neither mapped nor a quantity: never a reading' }),
  cpuMs: Type.Number(),
  console: Type.Array(Type.String()),
});
export type BenchAnswer = Static<typeof BenchAnswer>;
