import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const WATER = {
  owner: 'egeby',
  type: 'water-level',
  name: 'Åen ved broen',
  location: { lat: 56.4, lon: 9.4 },
  attributes: { sensorElevation: 12.5 },
};

describe('assets', () => {
  it('creates, replaces, reads and deletes', async () => {
    const created = await world.request('PUT', '/api/v1/assets/aa-bro', WATER, ADMIN);
    expect(created.body).toMatchObject({ id: 'aa-bro', owner: 'egeby', operator: 'egeby', sharing: 'open' });
    expect(created.status).toBe(201);
    const again = await world.request('PUT', '/api/v1/assets/aa-bro', WATER, ADMIN);
    expect(again.status).toBe(200);
    expect(again.headers.get('etag')).toBe(created.headers.get('etag'));
    const read = await world.request('GET', '/api/v1/assets/aa-bro', undefined, tokenOf('egeby', 'reader'));
    expect(read.body).toMatchObject({ id: 'aa-bro', state: 'never-seen', latest: [], alerts: [], devices: [] });
    expect(read.headers.get('etag')).toBe(created.headers.get('etag'));
    const deleted = await world.request('DELETE', '/api/v1/assets/aa-bro', undefined, ADMIN);
    expect(deleted.status).toBe(204);
    expect((await world.request('GET', '/api/v1/assets/aa-bro', undefined, ADMIN)).status).toBe(404);
  });

  it('names each field that is wrong', async () => {
    const body = { ...WATER, colour: 'red', name: '', attributes: { sensorElevation: 'high', depth: 2 } };
    const { status, body: problem, headers } = await world.request('PUT', '/api/v1/assets/x1', body, ADMIN);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(problem.code).toBe('invalid-input');
    expect(problem.errors.map((e: { pointer: string }) => e.pointer).sort()).toEqual(['/colour', '/name']);
    const { body: second } = await world.request(
      'PUT',
      '/api/v1/assets/x1',
      { ...WATER, attributes: body.attributes },
      ADMIN,
    );
    expect(second.errors.map((e: { pointer: string }) => e.pointer)).toEqual([
      '/attributes/sensorElevation',
      '/attributes/depth',
    ]);
  });
});
