/** A command's way through a network server: sent once, moved by what the server tells, kept while there is no way. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command, CommandState } from '../../model/command.ts';
import type { Downlink } from '../../model/command-sender.ts';
import type { RadioReport } from '../../model/device-report.ts';
import type { Directory } from '../../model/directory.ts';
import { Rejected, Unavailable } from '../../model/errors.ts';
import type { Commands as CommandTable } from '../../model/registry.ts';
import { createOps } from '../../pipeline/testing/stage-bench.ts';
import { type Commands, startCommands } from './commands.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const QUEUED: Command = {
  id: 'c1',
  device: 'd',
  owner: 'o',
  asset: 'a',
  fPort: 85,
  bytesHex: 'ff10ff',
  confirmed: true,
  createdAt: NOW,
  createdBy: 'me',
  expiresAt: NOW + 60_000,
  state: 'queued',
  stateAt: NOW,
};

function table(): CommandTable & { all: Map<string, Command> } {
  const all = new Map<string, Command>();
  return {
    all,
    get: (id) => Promise.resolve(all.get(id)),
    put: (c) => Promise.resolve(void all.set(c.id, c)),
    inState: (state) => Promise.resolve([...all.values()].filter((c) => c.state === state)),
    list: () => Promise.resolve({ items: [...all.values()] }),
    deleteBefore: () => Promise.resolve(0),
  };
}

describe('a command through a network server', () => {
  let commands: ReturnType<typeof table>;
  let sent: [string, Downlink][];
  let failure: Error | undefined;
  let radio: Partial<RadioReport>;
  let now: number;
  let stage: Commands;
  const state = (): [CommandState, string | undefined] => {
    const { state, detail } = commands.all.get('c1')!;
    return [state, detail];
  };

  beforeEach(async () => {
    commands = table();
    sent = [];
    failure = undefined;
    radio = { networkServer: 'cs', downlinks: [] };
    now = NOW;
    const device = { id: 'd', owner: 'o', connection: { kind: 'lorawan', devEui: '24E124136B502217' } };
    stage = startCommands({
      commands,
      directory: {
        device: (id: string) => (id === 'd' ? device : undefined),
        asset: () => ({ type: 't', operator: 'o' }),
        organisation: () => ({ commandTypes: ['t'] }),
        networkServer: (id: string) => ({ id, owner: 'o' }),
      } as unknown as Directory,
      sender: {
        send: (server, downlink) => {
          if (failure) return Promise.reject(failure);
          sent.push([server, downlink]);
          return Promise.resolve();
        },
      },
      publish: () => Promise.reject(new Error('not over MQTT')),
      report: () => ({ lastSeen: NOW, unknownKeys: [], radio: radio as RadioReport }),
      ops: createOps(),
      now: () => now,
    });
    await stage.stop(); // rounds are ours to give
    await commands.put(QUEUED);
  });

  it('is sent once to the server that hears the device, and acknowledged by it', async () => {
    await stage.round();
    await stage.round();
    expect(sent).toMatchObject([['cs', { devEui: '24e124136b502217', id: 'c1', fPort: 85, confirmed: true }]]);
    expect(Buffer.from(sent[0]![1].bytes).toString('hex')).toBe('ff10ff');
    expect(state()).toEqual(['sent', undefined]);
    radio.downlinks = [{ id: 'c1', at: NOW, state: 'gateway' }];
    await stage.round();
    expect(state()).toEqual(['sent', undefined]);
    radio.downlinks = [{ id: 'c1', at: NOW, state: 'acknowledged' }];
    await stage.round();
    expect(state()).toEqual(['acknowledged', undefined]);
  });

  it('fails when the server says so', async () => {
    await stage.round();
    radio.downlinks = [{ id: 'c1', at: NOW, state: 'failed', detail: 'the device did not acknowledge it' }];
    await stage.round();
    expect(state()).toEqual(['failed', 'the device did not acknowledge it']);
  });

  it('waits, saying why, while there is no way, and expires', async () => {
    failure = new Unavailable('cs: no connection now');
    await stage.round();
    expect(state()).toEqual(['queued', 'cs: no connection now']);
    now = QUEUED.expiresAt;
    await stage.round();
    expect(state()).toEqual(['expired', 'cs: no connection now']);
    expect(sent).toEqual([]);
  });

  it('fails at once where no command can go', async () => {
    failure = new Rejected('no-command-path', 'cs: commands need it over MQTT');
    await stage.round();
    expect(state()).toEqual(['failed', 'cs: commands need it over MQTT']);
  });
});
