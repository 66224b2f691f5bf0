import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { runServelab } from '../fixtures/run-servelab.js';

it.each(['--version', '-V'])('%s prints the version alone', async (flag) => {
  const { code, stdout, stderr } = await runServelab([flag]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

it.each(['--help', '-h', 'help'])('%s names every command', async (flag) => {
  const { code, stdout } = await runServelab([flag]);
  expect(code).toBe(0);
  expect(stdout.match(/^ {2}[a-z]+/gm)?.map((name) => name.trim())).toEqual(
    'serve model stacks bench load loadtest images report compare smoke doctor'.split(' '),
  );
});
