/** One EUI, one device of an owner: else nobody could say whose a frame is. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorld, tokenOf, type World } from './testing/api-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const EUI = '24e124136b502217';
const put = (id: string, devEui: string, owner = 'egeby') =>
  world.request(
    'PUT',
    `/api/v1/devices/${id}`,
    { owner, model: 'generic-json', connection: { kind: 'lorawan', devEui } },
    tokenOf(owner, 'manager'),
  );

it('a second device of the owner with the EUI is refused, the same one may be changed, another owner has his own', async () => {
  expect((await put('first', EUI)).status).toBe(201);
  const second = await put('second', EUI.toUpperCase());
  expect([second.status, second.body.code]).toEqual([409, 'in-use']);
  expect(second.body.detail).toContain('your device first');
  expect((await put('first', EUI)).status).toBe(200);
  expect((await put('theirs', EUI, 'bogeby')).status).toBe(201);
});
