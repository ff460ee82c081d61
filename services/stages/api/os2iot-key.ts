/** The API key a device of OS2iot has already becomes its secret here: the device keeps it, we keep its hash. */
import Type from 'typebox';
import { sigfoxSecret } from '../../knowledge/os2iot/sigfox.ts';
import { hashSecret } from '../../model/secret.ts';
import { endpoint } from './endpoint.ts';
import { Problem } from './problems.ts';
import { AnyId } from './schemas/common.ts';

/** The former secret keeps working so long, as with a new one of our own. */
const FORMER_SECRET_MS = 7 * 86_400_000;

export const put = endpoint(
  {
    summary:
      'Give a device the API key it has in OS2iot; the secret it had works 7 days more, or until the key is used',
    params: AnyId,
    body: Type.Union([
      // A key is kept as a plain hash, so it must be as hard to guess as OS2iot's: a version 4 UUID.
      Type.Object({ key: Type.String({ minLength: 32, maxLength: 200 }) }, { additionalProperties: false }),
      Type.Object(
        {
          sigfox: Type.Object(
            {
              deviceTypeId: Type.String({ pattern: '^[0-9a-fA-F]{24}$' }),
              deviceId: Type.String({ pattern: '^[0-9a-fA-F]{1,8}$' }),
            },
            { additionalProperties: false },
          ),
        },
        { additionalProperties: false },
      ),
    ]),
    status: 204,
  },
  async (call, { registry, directory, now }) => {
    const { id } = call.params;
    const device = call.must('make-credentials', await registry.devices.get(id), 'device', id);
    const { body } = call;
    const hash = hashSecret('key' in body ? body.key : sigfoxSecret(body.sigfox));
    const holder = await registry.devices.ofSecret(hash);
    if (holder !== undefined && holder !== id)
      throw new Problem('in-use', 'Another device has this key. A key belongs to one device.');
    if (holder === undefined) {
      const at = now();
      await registry.devices.addCredential({ device: id, hash, createdAt: at }, at + FORMER_SECRET_MS);
      await call.changed('set-os2iot-key', `device/${id}`, device.owner);
      await directory.refresh();
    }
    call.reply.code(204);
  },
);
