/** What somebody has in OS2iot, here: with a dry run, a line for each object, and nothing changed by a second import. */
import Type, { type Static } from 'typebox';
import { decideNew } from '../../knowledge/access/decide.ts';
import { Id } from '../../model/ids.ts';
import { Text } from '../../model/rule.ts';
import { endpoint } from './endpoint.ts';
import { readOs2iot } from './os2iot-client.ts';
import { Os2iotImporter } from './os2iot-importer.ts';
import { ACTIONS, type ImportItem } from './os2iot-items.ts';
import { invalid } from './problems.ts';
import type { Services } from './services.ts';

/** Of all its questions together, ms. */
const WHOLE_MS = 5 * 60_000;

const Body = Type.Object(
  {
    url: Type.String({ maxLength: 500, description: 'of OS2iot, e.g. https://os2iot.example.dk' }),
    apiKey: Type.String({ minLength: 8, maxLength: 200, description: 'of OS2iot, with the right to read; not kept' }),
    owner: Id,
    dryRun: Type.Boolean({ default: true, description: 'only says what it would do' }),
    organizationId: Type.Optional(Type.Integer({ minimum: 1, description: 'the organisation’s id in OS2iot' })),
    applications: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 1000 })),
    mapping: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[1-9][0-9]*$' }),
        Type.Object(
          { type: Type.Optional(Id), model: Type.Optional(Type.String({ maxLength: 64 })) },
          { additionalProperties: false },
        ),
        { description: 'by application: the asset type of its devices, and their device model' },
      ),
    ),
    networkServer: Type.Optional(Id),
  },
  { additionalProperties: false },
);
type Body = Static<typeof Body>;

const Item = Type.Object({
  kind: Type.String(),
  os2iotId: Type.String(),
  id: Type.Optional(Type.String()),
  name: Type.String(),
  action: Type.Enum([...ACTIONS]),
  why: Type.Optional(Text),
  changes: Type.Array(
    Type.Object({ field: Type.String(), from: Type.Optional(Type.Unknown()), to: Type.Optional(Type.Unknown()) }),
  ),
  choices: Type.Optional(Type.Array(Type.String())),
  notes: Type.Array(Text),
});

export const post = endpoint(
  {
    summary: 'Import applications, devices, decoders and gateways from OS2iot; a second import changes nothing',
    body: Body,
    answer: Type.Object({
      dryRun: Type.Boolean(),
      counts: Type.Record(Type.String(), Type.Integer()),
      items: Type.Array(Item),
    }),
  },
  async (call, services) => {
    const { body } = call;
    call.settle(decideNew(call.principal, 'import-os2iot', { owner: body.owner }), {
      action: 'import-os2iot',
      what: 'organisation',
      id: body.owner,
    });
    const url = await check(body, services);
    // The answer comes when all is read: longer than a connection may else be silent.
    call.request.raw.socket.setTimeout(WHOLE_MS + 60_000);
    const ended = new AbortController();
    call.reply.raw.once('close', () => ended.abort());
    const { apiKey, organizationId, applications } = body;
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(WHOLE_MS)]);
    const content = await readOs2iot({
      outgoing: services.outgoing,
      url,
      apiKey,
      organizationId,
      applications,
      signal,
    });
    if (content.applications.length === 0)
      throw invalid('/organizationId', 'OS2iot shows no application: give organizationId, or a key that may read them');
    await services.directory.refresh();
    const importer = new Os2iotImporter({ ...body, content, services });
    const items: ImportItem[] = [];
    for await (const item of importer.run()) {
      items.push(item);
      if (!body.dryRun && (item.action === 'create' || item.action === 'update'))
        await call.changed('import-os2iot', `${item.kind}/${item.id ?? ''}`, body.owner, item.action);
    }
    await services.directory.refresh();
    const counts = Object.fromEntries(
      ACTIONS.map((action) => [action, items.filter((i) => i.action === action).length]),
    );
    return { dryRun: body.dryRun, counts, items };
  },
);

async function check(body: Body, { config, registry, catalogue, directory }: Services): Promise<URL> {
  if (!(await registry.organisations.get(body.owner)))
    throw invalid('/owner', `there is no organisation "${body.owner}"`);
  for (const [application, { type, model }] of Object.entries(body.mapping ?? {})) {
    const at = `/mapping/${application}`;
    if (type !== undefined && !catalogue.assetType(type))
      throw invalid(`${at}/type`, `there is no asset type "${type}"`);
    const stored = model === undefined ? undefined : directory.deviceModel(model);
    if (model !== undefined && !catalogue.deviceModel(model) && stored?.owner !== body.owner)
      throw invalid(`${at}/model`, `there is no device model "${model}"`);
  }
  const { networkServer } = body;
  if (networkServer !== undefined && directory.networkServer(networkServer)?.owner !== body.owner)
    throw invalid('/networkServer', `there is no network server "${networkServer}"`);
  const url = URL.canParse(body.url) ? new URL(body.url) : undefined;
  const plain = url?.protocol === 'http:' && config.allowPrivateTargets === true;
  if (!url || (url.protocol !== 'https:' && !plain) || url.username !== '' || url.search !== '')
    throw invalid('/url', 'must be an https address without user name and query');
  return url;
}
