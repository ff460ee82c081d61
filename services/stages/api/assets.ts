/** Assets: the municipal objects whose series everything is about. */
import { randomUUID } from 'node:crypto';
import { decide, decidePut, isOwnerOrOperator, visibility } from '../../knowledge/access/decide.ts';
import { missingLimits } from '../../knowledge/conditions/missing-limits.ts';
import type { Alert } from '../../model/alert.ts';
import { type Asset, AssetBody, type Sharing } from '../../model/asset.ts';
import type { AssetType } from '../../model/catalogue.ts';
import { etagOf } from '../../model/etag.ts';
import type { Page } from '../../model/page.ts';
import type { PendingOrder } from '../../model/registry.ts';
import { showAlert } from './alerts.ts';
import { derivedChangedFrom, readAttributes } from './attributes.ts';
import { type Call, endpoint } from './endpoint.ts';
import { checkLocation } from './location.ts';
import { type FieldError, invalid, notFound, Problem } from './problems.ts';
import { checkConfirmed, putEntity } from './put.ts';
import { readBbox, readNames } from './query.ts';
import { AssetPage, AssetQuery, AssetShown } from './schemas/asset.ts';
import { AnyId, Confirm, NewId, PageOf } from './schemas/common.ts';
import type { Services } from './services.ts';
import { showAsset, showNow } from './show-asset.ts';
import { showDevice } from './show-device.ts';

/** A page whose assets were nearly all filtered away is filled from at most so many more. */
const MOST_PAGES = 20;

export const list = endpoint(
  { summary: 'Assets, by name; filters may be combined', query: AssetQuery, answer: PageOf(AssetShown) },
  async (call, services) => {
    const { limit, state, latest } = call.query;
    const withNow = latest === true || state !== undefined;
    let page = await readPage(call, services, call.query.cursor);
    let items = withNow ? await addNow(call, services, page.items) : page.items.map((a) => show(call, services, a));
    if (state !== undefined) {
      items = items.filter((item) => item.state === state);
      for (let i = 1; i < MOST_PAGES && items.length === 0 && page.next !== undefined; i++) {
        page = await readPage(call, services, page.next);
        items = (await addNow(call, services, page.items)).filter((item) => item.state === state);
      }
    }
    return { items: items.slice(0, limit), ...(page.next !== undefined && { next: page.next }) };
  },
);

function readPage(call: Call<unknown, AssetQuery>, { registry }: Services, cursor?: string): Promise<Page<Asset>> {
  const { limit, owner, operator, type, tag, q, bbox, ids } = call.query;
  return registry.assets.list(
    {
      visible: visibility(call.principal),
      ...(owner !== undefined && { owner }),
      ...(operator !== undefined && { operator }),
      ...(type !== undefined && { type }),
      ...(tag !== undefined && { tag }),
      ...(q !== undefined && { q }),
      ...(bbox !== undefined && { bbox: readBbox(bbox) }),
      ...(ids !== undefined && { ids: readNames(ids).slice(0, 1000) }),
    },
    { limit, ...(cursor !== undefined && { cursor }) },
  );
}

function show(call: Call, { catalogue }: Services, asset: Asset) {
  return showAsset(call.principal, asset, catalogue);
}

async function addNow(call: Call, services: Services, assets: readonly Asset[]) {
  const ids = assets.map((a) => a.id);
  const [alerts, values] =
    ids.length === 0
      ? [[], []]
      : await Promise.all([services.registry.alerts.openOf(ids), services.series.latest(ids)]);
  const alertsOf = Map.groupBy(maySeeAlerts(call, alerts), (a) => a.asset);
  const valuesOf = Map.groupBy(values, (v) => v.asset);
  return assets.map((asset) => ({
    ...show(call, services, asset),
    ...showNow(alertsOf.get(asset.id) ?? [], valuesOf.get(asset.id) ?? [], services.catalogue),
  }));
}

function maySeeAlerts(call: Call, alerts: readonly Alert[]): Alert[] {
  return alerts.filter((a) => decide(call.principal, 'read-alerts', a).allowed);
}

export const get = endpoint(
  { summary: 'One asset with latest values, open alerts and devices', params: AnyId, answer: AssetPage },
  async (call, services) => {
    const { id } = call.params;
    const asset = call.must('read', await services.registry.assets.get(id), 'asset', id);
    const [alerts, values] = await Promise.all([services.registry.alerts.openOf([id]), services.series.latest([id])]);
    const visible = maySeeAlerts(call, alerts);
    const devices = services.directory
      .devicesOf(id)
      .filter((d) => decide(call.principal, 'read-devices', { owner: d.owner, operator: asset.operator }).allowed);
    // The tag is that of what a PUT replaces; the values beside it change without it, so there is no 304 here.
    call.reply.header('etag', etagOf(asset));
    return {
      ...show(call, services, asset),
      ...showNow(visible, values, services.catalogue),
      alerts: visible.map(showAlert),
      devices: devices.map(showDevice),
      missingLimits:
        call.principal.role === 'platform' || isOwnerOrOperator(call.principal, asset)
          ? missingLimitsOf(asset, services)
          : [],
    };
  },
);

/** Never silently: a rule that cannot be judged is off, and whoever runs the asset is told. */
function missingLimitsOf(asset: Asset, { ruleSet, directory, catalogue, now }: Services) {
  const missing = missingLimits({ asset, ruleSet, registered: directory.rules(), catalogue, now: now() });
  return missing.map(({ rule, attribute }) => ({ rule: rule.id, name: rule.name, attribute }));
}

export const put = endpoint(
  {
    summary: 'Create or change an asset; a corrected attribute derives the affected period again',
    params: NewId,
    body: AssetBody,
    answer: AssetShown,
  },
  async (call, services) => {
    const { registry, directory, catalogue } = services;
    const { id } = call.params;
    const stored = await registry.assets.get(id);
    const conditional = call.request.headers['if-match'] !== undefined;
    call.settle(decidePut(call.principal, 'edit-assets', stored, { owner: call.body.owner }, conditional), {
      action: 'edit-assets',
      what: 'asset',
      id,
    });
    const next = await readAsset(call, services, stored);
    if (stored && (stored.owner !== next.owner || stored.type !== next.type)) {
      throw new Problem(
        'needs-move',
        'An asset keeps its owner and type here, because its history belongs to them. Register a new asset instead.',
      );
    }
    const type = catalogue.assetType(next.type);
    const from = stored && type ? derivedChangedFrom(type, stored.attributes, next.attributes) : undefined;
    const order: PendingOrder | undefined =
      from === undefined
        ? undefined
        : { id: randomUUID(), order: { kind: 'derive', asset: id, from, to: services.now() } };
    await putEntity(call, {
      kind: 'asset',
      owner: next.owner,
      stored,
      next,
      put: (a, options) => registry.assets.put(a, { ...options, ...(order && { order }) }),
    });
    await directory.refresh();
    if (order) await services.orders.drain();
    return show(call, services, next);
  },
);

/** The asset a body describes. @throws Problem with a pointer for each thing that does not fit. */
async function readAsset(
  call: Call<{ id: string }, unknown, AssetBody>,
  { registry, catalogue, now }: Services,
  stored: Asset | undefined,
): Promise<Asset> {
  const { params, body } = call;
  const type = catalogue.assetType(body.type);
  if (!type) {
    const known = catalogue.assetTypes.map((t) => t.id).join(', ');
    throw invalid('/type', `there is no asset type "${body.type}"; there are ${known}`);
  }
  const { attributes, errors } = readAttributes(body.attributes ?? {}, type);
  if (body.location) errors.push(...checkLocation(body.location));
  for (const [pointer, organisation] of [
    ['/owner', body.owner],
    ['/operator', body.operator],
  ] as const) {
    if (organisation !== undefined && !(await registry.organisations.get(organisation)))
      errors.push({ pointer, detail: `there is no organisation "${organisation}"` });
  }
  errors.push(...(await checkParent(call, registry)));
  const [first] = errors;
  if (first) throw new Problem('invalid-input', `${first.pointer}: ${first.detail}`, { errors });
  return {
    id: params.id,
    owner: body.owner,
    operator: body.operator ?? body.owner,
    ...(body.municipalityCode !== undefined && { municipalityCode: body.municipalityCode }),
    type: body.type,
    name: body.name,
    ...(body.location && { location: body.location }),
    ...(body.parent !== undefined && { parent: body.parent }),
    attributes,
    externalIds: body.externalIds ?? {},
    sharing: body.sharing ?? defaultSharing(type, attributes),
    tags: [...new Set(body.tags ?? [])],
    createdAt: stored?.createdAt ?? now(),
  };
}

/** Of its type, unless an attribute says that it is about somebody's home: that is shared with nobody by default. */
function defaultSharing(type: AssetType, attributes: Asset['attributes']): Sharing {
  const fits = type.sharingWhere?.find(({ attribute, values }) => {
    const value = attributes[attribute]?.at(-1)?.value;
    return typeof value === 'string' && values.includes(value);
  });
  return fits?.sharing ?? type.sharing;
}

const DEEPEST_TREE = 8;

async function checkParent(
  call: Call<{ id: string }, unknown, AssetBody>,
  registry: Services['registry'],
): Promise<FieldError[]> {
  let parent = call.body.parent;
  for (let depth = 0; parent !== undefined; depth++) {
    if (parent === call.params.id) return [{ pointer: '/parent', detail: 'would make the asset its own ancestor' }];
    if (depth === DEEPEST_TREE) return [{ pointer: '/parent', detail: `makes a tree deeper than ${DEEPEST_TREE}` }];
    const asset = await registry.assets.get(parent);
    // One that may not be seen is not there.
    if (!asset || (depth === 0 && !decide(call.principal, 'read', asset).allowed))
      return depth === 0 ? [{ pointer: '/parent', detail: `there is no asset "${parent}"` }] : [];
    parent = asset.parent;
  }
  return [];
}

export const remove = endpoint(
  { summary: 'Delete an asset', params: AnyId, query: Confirm, status: 204 },
  async (call, { registry, series, directory }) => {
    const { id } = call.params;
    const asset = call.must('edit-assets', await registry.assets.get(id), 'asset', id);
    const bound = directory.devicesOf(id);
    if (bound.length > 0) {
      const names = bound.map((d) => d.id).join(', ');
      throw new Problem('in-use', `The asset still has devices: ${names}. Bind them elsewhere first.`);
    }
    if ((await series.latest([id])).length > 0) checkConfirmed(id, call.query.confirm, 'The asset has readings.');
    if (!(await registry.assets.delete(id))) throw notFound('asset');
    await call.changed('delete-asset', `asset/${id}`, asset.owner);
    await directory.refresh();
    call.reply.code(204);
  },
);
