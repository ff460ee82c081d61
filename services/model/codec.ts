/** Codecs: what reads the frames of a device. Ours are files in knowledge/codecs; those of operators are scripts, run in a sandbox. */
import Type, { type Static } from 'typebox';
import { Id } from './ids.ts';

/**
 * How a script is called. `ts013`: LoRa Alliance TS013-1.0.0, `decodeUplink(input)`, with `normalizeUplink` of The Things
 * Stack where present. `ttn`: The Things Network v2, `Decoder(bytes, port)`. `chirpstack3`: ChirpStack v3,
 * `Decode(fPort, bytes, variables)`. `os2iot`: `decode(payload, metadata)` with the whole message of the network server.
 */
export const SIGNATURES = ['ts013', 'ttn', 'chirpstack3', 'os2iot'] as const;
export type Signature = (typeof SIGNATURES)[number];

const Hex = Type.String({ pattern: '^([0-9a-fA-F]{2})*$', maxLength: 512 });

export const CodecExample = Type.Object(
  {
    bytesHex: Hex,
    fPort: Type.Integer({ minimum: 0, maximum: 255 }),
    recvTime: Type.Optional(Type.String({ maxLength: 40, description: 'RFC 3339' })),
    variables: Type.Optional(Type.Record(Type.String(), Type.String())),
    /** What the script must answer as `data`, member by member. */
    expected: Type.Unknown(),
  },
  { additionalProperties: false },
);
export type CodecExample = Static<typeof CodecExample>;

export const CodecBody = Type.Object(
  {
    owner: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    script: Type.String({ minLength: 1, maxLength: 512 * 1024 }),
    /** Found out from the names of its functions where absent. */
    signature: Type.Optional(Type.Enum([...SIGNATURES])),
    examples: Type.Array(CodecExample, { maxItems: 200, default: [] }),
  },
  { additionalProperties: false },
);
export type CodecBody = Static<typeof CodecBody>;

export interface Codec extends CodecBody {
  id: string;
  signature: Signature;
  /** One more for each edit; former versions are kept. */
  version: number;
  /** Epoch ms. */
  createdAt: number;
}

/** One frame of a device, as a network server handed it on. */
export interface Frame {
  bytes: Uint8Array;
  fPort: number;
  /** When a gateway (else the network server) heard it, epoch ms. */
  recvTime: number;
  /** Attributes of the asset, and the tags of the device; texts, as ChirpStack has them. */
  variables: Readonly<Record<string, string>>;
  /** The whole message of the network server and what OS2iot calls metadata: only scripts with that signature need them. */
  message?: unknown;
  metadata?: unknown;
}

/** What is needed to run a script; `id` and `version` name what was compiled before. */
export type CodecScript = Pick<Codec, 'id' | 'version' | 'signature' | 'script'>;

export interface DecodeJob {
  script: CodecScript;
  /** Whose frame it is. A script gets a sandbox for each owner: whatever it keeps, it cannot hand from one to another. */
  owner?: string;
  frame: Frame;
  /** Keep what the script writes to its console: for whoever tries it out. */
  console?: boolean;
}

export type CodecAnswer =
  /** `data` is what the script gave (normalised where it can), plain JSON. */
  | { kind: 'decoded'; data: unknown; warnings: string[]; cpuMs: number; console?: string[] }
  /** The script's own errors, or why it was stopped: its time, its memory, its output. */
  | { kind: 'failed'; errors: string[]; cpuMs: number; console?: string[] }
  /** It failed 5 times within a minute and is not run for now; epoch ms. */
  | { kind: 'set-aside'; until: number };

export type EncodeAnswer =
  | { kind: 'encoded'; bytes: Uint8Array; fPort: number; warnings: string[] }
  | { kind: 'failed'; errors: string[] };

/** The port of the sandbox. Answers come in the order of the jobs; a script at fault costs the others no more than its budget. */
export interface CodecRunner {
  decode(jobs: readonly DecodeJob[]): Promise<CodecAnswer[]>;
  /** `encodeDownlink` (else the legacy `Encoder`/`Encode`) of a script: named commands become bytes. */
  encode(
    script: CodecScript,
    command: { data: unknown; fPort?: number; variables: Readonly<Record<string, string>> },
  ): Promise<EncodeAnswer>;
  /** Which signature a script has, by the functions it declares; `undefined` for none. Failing to compile is told as text. */
  inspect(script: string): Promise<{ signature?: Signature; encodes: boolean; error?: string }>;
  close(): Promise<void>;
}
