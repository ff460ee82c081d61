import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startPlatform, temporaryFolder } from '../test/lib/platform.ts';
import { tellOfOtherEngines } from './series-folders.ts';

const dir = temporaryFolder();
afterAll(() => rmSync(dir, { recursive: true }));

describe('another engine has stored here before', () => {
  const dataDir = join(dir, 'data');
  const warn = vi.fn<(line: string) => void>();
  const tell = () => tellOfOtherEngines({ dataDir, configured: 'influxdb', logger: { warn } });
  beforeEach(() => warn.mockClear());

  test('a fresh folder and the engine’s own say nothing', () => {
    tell();
    mkdirSync(join(dataDir, 'series-influxdb'), { recursive: true });
    tell();
    expect(warn).not.toHaveBeenCalled();
  });

  test('one line names what is there and what is configured', () => {
    mkdirSync(join(dataDir, 'series'), { recursive: true });
    mkdirSync(join(dataDir, 'series-victoriametrics'));
    tell();
    expect(warn.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^SANSEVAERK_SERIES_URL: [^\n]*influxdb \(series-influxdb\/\);[^\n]* duckdb \(series\/\) and victoriametrics \(series-victoriametrics\/\)/,
        ),
      ],
    ]);
  });

  test('on the first start with the new engine it also says what that one begins with', () => {
    rmSync(join(dataDir, 'series-influxdb'), { recursive: true });
    tell();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('which starts with what the log still holds'));
  });
});

test('a platform that changes engines says so when it starts', async () => {
  const home = join(dir, 'changed');
  mkdirSync(join(home, 'data', 'series-influxdb'), { recursive: true });
  const platform = await startPlatform({ dir: home });
  try {
    const told = platform.stderr().split('\n');
    expect(told.filter((line) => line.includes('influxdb (series-influxdb/)'))).toHaveLength(1);
  } finally {
    expect(await platform.stop()).toBe(0);
  }
});
