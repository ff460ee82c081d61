/**
 * Commands on their way: each queued one is given to the network server or the broker, and what the network server tells of
 * it afterwards moves its state. The registry holds the queue, so a restart loses none; one that was given away in the
 * moment of a crash is given again under the same id.
 */
import type { Command, CommandState } from '../../model/command.ts';
import type { CommandSender } from '../../model/command-sender.ts';
import type { DeviceReport } from '../../model/device-report.ts';
import type { Directory } from '../../model/directory.ts';
import { Rejected, Unavailable } from '../../model/errors.ts';
import type { Commands as CommandTable } from '../../model/registry.ts';
import type { Ops } from '../../ops/ops.ts';

export interface CommandsOptions {
  commands: CommandTable;
  directory: Directory;
  /** Through network servers. */
  sender: CommandSender;
  /** To a device that connects to us, as `devices/{id}/commands`; resolves when the broker has it. */
  publish(device: string, payload: Uint8Array): Promise<void>;
  report(device: string): DeviceReport | undefined;
  ops: Ops;
  now?: () => number;
}

export interface Commands {
  /** Something was queued. */
  wake(): void;
  /** One round: sends what waits, looks after what was sent. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

const ROUND_MS = 1000;
const AT_ONCE = 100;
/** What was asked to be acknowledged is looked after so long beyond its time: a class A device answers with its next frame. */
const LOOK_AFTER_MS = 86_400_000;
const ALERT = 'commands-waiting';

export function startCommands(options: CommandsOptions): Commands {
  const { commands, directory, sender, publish, report, ops, now = Date.now } = options;
  const count = ops.metrics.counter('commands_total', 'Commands to devices, by what became of them', ['state']);

  const move = async (command: Command, state: CommandState, detail?: string): Promise<void> => {
    const { detail: _, ...rest } = command;
    await commands.put({
      ...rest,
      state,
      stateAt: now(),
      ...(detail !== undefined && { detail: detail.slice(0, 500) }),
    });
    count.inc({ state });
  };

  const send = async (command: Command): Promise<void> => {
    if (command.expiresAt <= now())
      return await move(command, 'expired', command.detail ?? 'it could not be sent in time');
    const device = directory.device(command.device);
    if (!device) return await move(command, 'failed', 'the device is not registered any more');
    const bytes = Buffer.from(command.bytesHex, 'hex');
    const { kind, devEui = '', networkServer } = device.connection;
    try {
      if (kind === 'lorawan') {
        const server = networkServer ?? report(device.id)?.radio?.networkServer;
        if (server === undefined) throw new Unavailable('no network server has heard the device yet');
        const { id, fPort, confirmed, expiresAt } = command;
        await sender.send(server, { devEui: devEui.toLowerCase(), id, fPort, bytes, confirmed, expiresAt });
      } else await publish(device.id, bytes);
    } catch (error) {
      if (error instanceof Rejected) return await move(command, 'failed', error.message);
      if (!(error instanceof Unavailable)) throw error;
      // It stays queued; why it waits can be seen.
      if (command.detail !== error.message) await commands.put({ ...command, detail: error.message.slice(0, 500) });
      return;
    }
    await move(command, 'sent');
  };

  const lookAfter = async (command: Command): Promise<void> => {
    const told = report(command.device)?.radio?.downlinks.find((d) => d.id === command.id);
    if (told?.state === 'failed') await move(command, 'failed', told.detail);
    else if (told?.state === 'acknowledged') await move(command, 'acknowledged');
  };

  const round = async (): Promise<void> => {
    for (const command of await commands.inState('queued', AT_ONCE)) await send(command);
    for (const command of await commands.inState('sent', AT_ONCE * 10)) {
      if (now() < command.expiresAt + LOOK_AFTER_MS) await lookAfter(command);
    }
  };

  let running: Promise<void> | undefined;
  let again = false;
  const run = (): void => {
    if (running !== undefined) {
      again = true;
      return;
    }
    running = round()
      .then(
        () => ops.alerts.clear(ALERT),
        (error: unknown) => ops.alerts.raise(ALERT, `commands to devices wait: ${String(error)}`),
      )
      .finally(() => {
        running = undefined;
        if (!again || stopped) return;
        again = false;
        run();
      });
  };
  let stopped = false;
  const timer = setInterval(run, ROUND_MS).unref();
  return {
    wake: run,
    round,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
