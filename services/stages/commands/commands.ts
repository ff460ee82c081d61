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
import { speaksFor } from '../../model/network-server.ts';
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
/** As the api allows. */
const MOST_LIFE_MS = 30 * 86_400_000;
const SLOW_MS = 1000;
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

  /** Network servers that did not answer in this round: the next command to them need not wait for it too. */
  const away = new Set<string>();

  const send = async (command: Command): Promise<void> => {
    if (command.expiresAt <= now())
      return await move(command, 'expired', command.detail ?? 'it could not be sent in time');
    const device = directory.device(command.device);
    if (!device) return await move(command, 'failed', 'the device is not registered any more');
    const asset = directory.asset(command.asset);
    if (!asset || !directory.organisation(asset.operator)?.commandTypes?.includes(asset.type))
      return await move(command, 'failed', 'commands to assets of this type were switched off meanwhile');
    const bytes = Buffer.from(command.bytesHex, 'hex');
    const { kind, devEui = '', networkServer } = device.connection;
    try {
      if (kind === 'lorawan') {
        const server = networkServer ?? report(device.id)?.radio?.networkServer;
        if (server === undefined) throw new Unavailable('no network server has heard the device yet');
        const via = directory.networkServer(server);
        if (!via || !speaksFor(via, device))
          throw new Rejected('no-command-path', `the network server ${server} does not serve ${device.owner}`);
        const { id, fPort, confirmed, expiresAt } = command;
        if (away.has(server)) return;
        const begun = performance.now();
        try {
          await sender.send(server, { devEui: devEui.toLowerCase(), id, fPort, bytes, confirmed, expiresAt });
        } catch (error) {
          if (performance.now() - begun > SLOW_MS) away.add(server);
          throw error;
        }
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

  async function* every(state: CommandState, since: number): AsyncGenerator<Command> {
    let after: Pick<Command, 'createdAt' | 'id'> = { createdAt: since, id: '' };
    while (true) {
      const page = await commands.inState(state, AT_ONCE, after);
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < AT_ONCE) return;
      after = last;
    }
  }

  const round = async (): Promise<void> => {
    away.clear();
    // All that wait: those without a way must not stand before those with one.
    for await (const command of every('queued', 0)) await send(command);
    // What was sent before that is looked after no more.
    for await (const command of every('sent', now() - MOST_LIFE_MS - LOOK_AFTER_MS))
      if (now() < command.expiresAt + LOOK_AFTER_MS) await lookAfter(command);
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
