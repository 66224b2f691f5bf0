// Fails on import cycles, on arrows against the walls of the layout, on imports of a library outside the
// one folder that may use it (dependency-cruiser), and on dead exports, files and dependencies (knip).
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const checks = [
  [
    'walls and cycles',
    'depcruise',
    ['--config', '.dependency-cruiser.cjs', 'packages', 'test', 'bench', 'scripts'],
  ],
  ['dead exports, files and dependencies', 'knip', ['--no-progress']],
];

let failed = 0;
for (const [what, tool, args] of checks) {
  const { status } = spawnSync(`node_modules/.bin/${tool}`, args, { cwd: root, stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${what}`);
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
