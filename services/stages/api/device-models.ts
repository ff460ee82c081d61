/** Device models: the built-in ones, and those an organisation wrote itself: what a device sends and what it is called here. */
import Type from 'typebox';
import { decidePut, ownersSeen } from '../../knowledge/access/decide.ts';
import {
  checkStoredModel,
  compareExample,
  exampleFrame,
  type ModelFault,
  modelReadings,
  runExamples,
} from '../../knowledge/catalogue/stored-model.ts';
import { recordsOf } from '../../knowledge/codecs/flatten.ts';
import { frameCodec } from '../../knowledge/codecs/frames.ts';
import type { DeviceModel } from '../../model/catalogue.ts';
import type { Codec } from '../../model/codec.ts';
import { DeviceModelBody, type StoredModel } from '../../model/device-model.ts';
import type { Page, PageRequest } from '../../model/page.ts';
import { sandboxOf, toTry } from './codec-bench.ts';
import { endpoint } from './endpoint.ts';
import { invalid, notFound, Problem } from './problems.ts';
import { putEntity, withEtag } from './put.ts';
import { AnyId, NewId, PageOf, PageQuery } from './schemas/common.ts';
import type { Services } from './services.ts';

const { owner, ...bodyProperties } = DeviceModelBody.properties;
const Shown = Type.Object({
  id: Type.String(),
  ...bodyProperties,
  owner: Type.Optional(owner),
  builtIn: Type.Boolean({ description: 'ships with the platform and cannot be changed' }),
});

const Query = Type.Object(PageQuery, { additionalProperties: false });

const showBuiltIn = (model: DeviceModel) => ({ ...model, builtIn: true });
const showStored = (model: StoredModel) => ({ ...model, builtIn: false });

export const list = endpoint(
  { summary: 'Device models: the built-in ones first, then your own', query: Query, answer: PageOf(Shown) },
  async ({ principal, query }, { registry, catalogue }) => {
    const owners = ownersSeen(principal);
    const stored = (page: PageRequest) => registry.deviceModels.list({ ...(owners && { owners }) }, page);
    return await listModels(catalogue.deviceModels, stored, query);
  },
);

/** A cursor among the built-in ones is their number; one behind them is the registry's, which has no colon in it. */
async function listModels(
  builtIn: readonly DeviceModel[],
  stored: (page: PageRequest) => Promise<Page<StoredModel>>,
  { limit, cursor = ':0' }: PageRequest,
): Promise<Page<unknown>> {
  if (!cursor.startsWith(':')) {
    const page = await stored({ limit, cursor });
    return { ...page, items: page.items.map(showStored) };
  }
  const from = Number(cursor.slice(1));
  if (!Number.isSafeInteger(from) || from < 0) throw invalid('/cursor', 'not one that this list gave');
  const first = builtIn.slice(from, from + limit).map(showBuiltIn);
  const room = limit - first.length;
  if (room === 0) return { items: first, next: `:${from + limit}` };
  const page = await stored({ limit: room });
  return { ...page, items: [...first, ...page.items.map(showStored)] };
}

export const get = endpoint(
  { summary: 'One device model', params: AnyId, answer: Shown },
  async (call, { registry, catalogue }) => {
    const { id } = call.params;
    const builtIn = catalogue.deviceModel(id);
    if (builtIn) return withEtag(call, builtIn, showBuiltIn(builtIn));
    const model = call.must('read-device-models', await registry.deviceModels.get(id), 'device model', id);
    return withEtag(call, model, showStored(model));
  },
);

export const put = endpoint(
  {
    summary: 'Create or change a device model; its examples are run, and one that does not come out refuses it',
    params: NewId,
    body: DeviceModelBody,
    answer: Shown,
  },
  async (call, services) => {
    const { registry, directory, catalogue } = services;
    const { params, body } = call;
    const stored = await registry.deviceModels.get(params.id);
    const conditional = call.request.headers['if-match'] !== undefined;
    call.settle(decidePut(call.principal, 'edit-device-models', stored, { owner: body.owner }, conditional), {
      action: 'edit-device-models',
      what: 'device model',
      id: params.id,
    });
    if (catalogue.deviceModel(params.id))
      throw new Problem(
        'id-taken',
        `"${params.id}" is a device model that ships with the platform. Choose another id.`,
      );
    if (!(await registry.organisations.get(body.owner)))
      throw invalid('/owner', `there is no organisation "${body.owner}"`);
    const faults = await faultsOf(body, services);
    const [fault] = faults;
    if (fault) throw new Problem('invalid-input', `${fault.pointer}: ${fault.detail}`, { errors: faults });
    const next: StoredModel = { ...body, id: params.id };
    await putEntity(call, {
      kind: 'device-model',
      owner: next.owner,
      stored,
      next,
      put: (m, options) => registry.deviceModels.put(m, options),
    });
    await directory.refresh();
    return showStored(next);
  },
);

async function faultsOf(model: DeviceModelBody, services: Services): Promise<ModelFault[]> {
  const { catalogue, directory } = services;
  const { codec: name = '' } = model;
  const script = name.startsWith('script:') ? directory.codec(name.slice('script:'.length)) : undefined;
  const builtIn = frameCodec(name);
  const faults = checkStoredModel(model, {
    catalogue,
    codecExists: () => builtIn !== undefined || script !== undefined,
  });
  if (faults.length > 0) return faults;
  if (builtIn) return runExamples(model, builtIn, catalogue);
  return script ? await runScriptExamples(model, script, services) : [];
}

/** As the built-in ones: what the script answers, after the mapping. */
async function runScriptExamples(model: DeviceModelBody, codec: Codec, services: Services): Promise<ModelFault[]> {
  const { examples = [] } = model;
  if (examples.length === 0) return [];
  const script = toTry(codec);
  const answers = await sandboxOf(services).decode(examples.map((e) => ({ script, frame: exampleFrame(e) })));
  return examples.flatMap((example, i): ModelFault[] => {
    const answer = answers[i];
    if (answer?.kind === 'decoded')
      return compareExample(i, example, modelReadings(recordsOf(answer.data), model, services.catalogue));
    const detail = answer?.kind === 'failed' ? answer.errors.join('; ') : 'not run: the codec failed 5 times before';
    return [{ pointer: `/examples/${i}/bytesHex`, detail }];
  });
}

export const remove = endpoint(
  { summary: 'Delete a device model that no device names any more', params: AnyId, status: 204 },
  async (call, { registry, directory, catalogue }) => {
    const { id } = call.params;
    if (catalogue.deviceModel(id))
      throw new Problem('forbidden', `"${id}" ships with the platform and cannot be deleted.`);
    const model = call.must('edit-device-models', await registry.deviceModels.get(id), 'device model', id);
    const users = [...directory.devices()].filter((d) => d.model === id);
    if (users.length > 0)
      throw new Problem('in-use', `${users.length} devices are of this model, among them "${users[0]?.id}".`);
    if (!(await registry.deviceModels.delete(id))) throw notFound('device model');
    await call.changed('delete-device-model', `device-model/${id}`, model.owner);
    await directory.refresh();
    call.reply.code(204);
  },
);
