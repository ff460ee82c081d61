/** Codecs: scripts that read the frames of devices. Every organisation may use and read them; who owns one edits it. */
import Type from 'typebox';
import { decide, decidePut } from '../../knowledge/access/decide.ts';
import { frameCodec } from '../../knowledge/codecs/frames.ts';
import type { DeviceModel } from '../../model/catalogue.ts';
import { type Codec, CodecBody, type Signature } from '../../model/codec.ts';
import { formatTime } from '../../model/time.ts';
import { benchFrame, builtIn, type Reader, sandboxOf, toTry, tryFrame } from './codec-bench.ts';
import { differences } from './differences.ts';
import { type Call, endpoint } from './endpoint.ts';
import { type FieldError, invalid, notFound, Problem } from './problems.ts';
import { checkConfirmed, putEntity, withEtag } from './put.ts';
import { BenchAnswer, BenchBody, CodecListed, CodecShown, TestBody } from './schemas/codec.ts';
import { AnyId, Confirm, NewId, PageOf, PageQuery } from './schemas/common.ts';
import type { Services } from './services.ts';

const DECODERS = 'decodeUplink (TS013), Decoder (TTN v2), Decode (ChirpStack v3) or decode (OS2iot)';
/** Models whose mapping or codec is looked for; nobody has that many. */
const MODELS = { limit: 1000 };

const show = (codec: Codec) => ({ ...codec, createdAt: formatTime(codec.createdAt) });
const showListed = ({ script: _, examples, ...codec }: Codec) => ({
  ...show(codec as Codec),
  examples: examples.length,
});

export const list = endpoint(
  {
    summary: 'Codecs of all organisations, without their scripts',
    query: Type.Object({ ...PageQuery, owner: Type.Optional(Type.String()) }, { additionalProperties: false }),
    answer: PageOf(CodecListed),
  },
  async ({ query: { owner, ...page } }, { registry }) => {
    const found = await registry.codecs.list(owner === undefined ? {} : { owners: [owner] }, page);
    return { ...found, items: found.items.map(showListed) };
  },
);

export const get = endpoint({ summary: 'One codec', params: AnyId, answer: CodecShown }, async (call, { registry }) => {
  const codec = call.must('read-codecs', await registry.codecs.get(call.params.id), 'codec', call.params.id);
  return withEtag(call, codec, show(codec));
});

export const versions = endpoint(
  { summary: 'Every version of a codec, the newest first', params: AnyId, answer: PageOf(CodecShown) },
  async (call, { registry }) => {
    const { id } = call.params;
    call.must('read-codecs', await registry.codecs.get(id), 'codec', id);
    return { items: (await registry.codecs.versions(id)).map(show) };
  },
);

export const put = endpoint(
  {
    summary: 'Create or change a codec; its examples are run, and one that does not come out refuses it',
    params: NewId,
    body: CodecBody,
    answer: CodecShown,
  },
  async (call, services) => {
    const { registry, directory } = services;
    const { params, body } = call;
    const stored = await registry.codecs.get(params.id);
    const conditional = call.request.headers['if-match'] !== undefined;
    call.settle(decidePut(call.principal, 'edit-codecs', stored, { owner: body.owner }, conditional), {
      action: 'edit-codecs',
      what: 'codec',
      id: params.id,
    });
    if (frameCodec(params.id))
      throw new Problem('id-taken', `"${params.id}" is a codec that ships with the platform. Choose another id.`);
    if (!(await registry.organisations.get(body.owner)))
      throw invalid('/owner', `there is no organisation "${body.owner}"`);
    const signature = await signatureOf(body, services);
    const next = stored
      ? changed(stored, { ...body, signature }, services.now())
      : {
          ...body,
          id: params.id,
          signature,
          version: await firstVersion(params.id, services),
          createdAt: services.now(),
        };
    if (next.version !== stored?.version) await runExamples(next, services);
    await putEntity(call, {
      kind: 'codec',
      owner: next.owner,
      stored,
      next,
      put: (c, options) => registry.codecs.put(c, options),
    });
    await directory.refresh();
    return show(next);
  },
);

/** A new version only where something else would come of a frame, or be promised to. */
function changed(stored: Codec, body: CodecBody & { signature: Signature }, now: number): Codec {
  const made = ({ signature, script, examples }: CodecBody) => JSON.stringify([signature, script, examples]);
  const { id, version, createdAt } = stored;
  if (made(stored) === made(body)) return { ...body, id, version, createdAt };
  return { ...body, id, version: version + 1, createdAt: now };
}

/** One that was deleted left its versions: history may name them. */
async function firstVersion(id: string, { registry }: Services): Promise<number> {
  const [last] = await registry.codecs.versions(id);
  return (last?.version ?? 0) + 1;
}

/** @throws Problem when it cannot be compiled or declares nothing that decodes. */
async function signatureOf(body: Pick<CodecBody, 'script' | 'signature'>, services: Services): Promise<Signature> {
  const { signature, error } = await sandboxOf(services).inspect(body.script);
  if (error !== undefined) throw invalid('/script', error);
  const found = body.signature ?? signature;
  if (!found) throw invalid('/script', `declares no function that decodes: ${DECODERS}`);
  return found;
}

/** @throws Problem `examples-failed` that names each place where the data is not what an example says. */
async function runExamples(codec: Codec, services: Services): Promise<void> {
  const script = toTry(codec);
  const jobs = codec.examples.map((example, i) => {
    const { recvTime = '2026-01-01T00:00:00Z', ...rest } = example;
    try {
      return { script, frame: benchFrame({ ...rest, recvTime }, 0) };
    } catch (error) {
      if (error instanceof Problem) throw invalid(`/examples/${i}/recvTime`, 'must be an RFC 3339 time with a zone');
      throw error;
    }
  });
  const answers = await sandboxOf(services).decode(jobs);
  const errors = answers.flatMap((answer, i): FieldError[] => {
    const pointer = `/examples/${i}/expected`;
    if (answer.kind === 'decoded') return differences(answer.data, codec.examples[i]?.expected, pointer);
    const detail = answer.kind === 'failed' ? answer.errors.join('; ') : 'not run: the codec failed 5 times before';
    return [{ pointer, detail }];
  });
  const [first] = errors;
  if (first) throw new Problem('examples-failed', `${first.pointer}: ${first.detail}`, { errors });
}

export const remove = endpoint(
  {
    summary: 'Delete a codec that no device model names; its versions stay',
    params: AnyId,
    query: Confirm,
    status: 204,
  },
  async (call, { registry, directory }) => {
    const { id } = call.params;
    const codec = call.must('edit-codecs', await registry.codecs.get(id), 'codec', id);
    const { items } = await registry.deviceModels.list({}, MODELS);
    const users = items.filter((m) => m.codec === `script:${id}`);
    const own = users.find((m) => m.owner === codec.owner);
    if (users.length > 0)
      throw new Problem(
        'in-use',
        `${users.length} device models name this codec${own ? `, among them "${own.id}"` : ''}.`,
      );
    checkConfirmed(id, call.query.confirm, 'Frames may have been read by it.');
    if (!(await registry.codecs.delete(id))) throw notFound('codec');
    await call.changed('delete-codec', `codec/${id}`, codec.owner);
    await directory.refresh();
    call.reply.code(204);
  },
);

export const test = endpoint(
  { summary: 'What a codec makes of a frame', params: AnyId, body: TestBody, answer: BenchAnswer },
  async (call, services) => {
    const { id } = call.params;
    const { model: named, ...given } = call.body;
    const codec = call.must('read-codecs', await services.registry.codecs.get(id), 'codec', id);
    const model = named === undefined ? await modelThatNames(id, call, services) : findModel(named, call, services);
    const reader: Reader = { kind: 'script', script: toTry(codec) };
    return await tryFrame({ reader, frame: benchFrame(given, services.now()), model: model ?? {} }, services);
  },
);

export const bench = endpoint(
  {
    summary: 'What a script, a codec or a device model makes of a frame; nothing is kept',
    body: BenchBody,
    answer: BenchAnswer,
  },
  async (call, services) => {
    const { script, signature, codec, model: named, ...given } = call.body;
    const frame = benchFrame(given, services.now());
    const model = named === undefined ? undefined : findModel(named, call, services);
    const reader =
      script === undefined
        ? readerNamed(codec ?? model?.codec, call, services)
        : await scriptReader({ script, ...(signature && { signature }) }, services);
    return await tryFrame({ reader, frame, model: model ?? {} }, services);
  },
);

async function scriptReader(body: Pick<CodecBody, 'script' | 'signature'>, services: Services): Promise<Reader> {
  return { kind: 'script', script: toTry({ script: body.script, signature: await signatureOf(body, services) }) };
}

function readerNamed(name: string | undefined, call: Call, { directory }: Services): Reader {
  if (name === undefined) throw invalid('/script', 'give a script, a codec, or a device model that reads frames');
  const reader = builtIn(name);
  if (reader) return reader;
  const codec = directory.codec(name.replace(/^script:/, ''));
  if (!codec || !decide(call.principal, 'read-codecs', codec).allowed)
    throw invalid('/codec', `there is no codec "${name}"`);
  return { kind: 'script', script: toTry(codec) };
}

/** @throws Problem for one that is not there, or that is another organisation's. */
function findModel(id: string, call: Call, { catalogue, directory }: Services): DeviceModel {
  const shipped = catalogue.deviceModel(id);
  if (shipped) return shipped;
  const stored = directory.deviceModel(id);
  if (!stored || !decide(call.principal, 'read-device-models', stored).allowed)
    throw invalid('/model', `there is no device model "${id}"`);
  return stored;
}

async function modelThatNames(codec: string, call: Call, { registry }: Services): Promise<DeviceModel | undefined> {
  const { organisation, role } = call.principal;
  const { items } = await registry.deviceModels.list(role === 'platform' ? {} : { owners: [organisation] }, MODELS);
  return items.find((m) => m.codec === `script:${codec}`);
}
