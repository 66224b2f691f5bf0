// Packs the packages, checks the tarballs, and uses them as a user would: installed into an empty folder outside the
// checkout, the server answers a photograph, a bench ends in its report, and a TypeScript program runs and has its types.
//   node scripts/release-check.mjs [--keep]       --keep leaves the folder there
import './data-sources.mjs';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const BIN = join(ROOT, 'node_modules', '.bin');
const execute = promisify(execFile);
const { keep } = parseArgs({ options: { keep: { type: 'boolean', default: false } } }).values;

const folder = await mkdtemp(join(tmpdir(), 'servelab-release-'));
/** Nothing of a checkout, of npm's own variables or of its caller's options. */
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_|^SERVELAB_/i.test(name) || /^SERVELAB_(MODEL|IMAGE)_SOURCE$/.test(name),
    ),
  ),
  ONNXRUNTIME_NODE_INSTALL: 'skip',
};
const { devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const startedMs = performance.now();

async function step(name, work) {
  const result = await work();
  console.log(`${name} (${elapsedS()} s)`);
  return result;
}

function elapsedS() {
  return ((performance.now() - startedMs) / 1000).toFixed(1);
}

/** Output of a program; where it fails, all that it said is in the error. */
async function run(command, args, { cwd = folder, env = environment } = {}) {
  try {
    return (await execute(command, args, { cwd, env, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error;
    throw new Error(`${command} ${args.join(' ')} failed\n${stdout}${stderr}`);
  }
}

function check(condition, message) {
  if (!condition) throw new Error(message);
}

async function pack() {
  const printed = await run(
    'npm',
    ['pack', '--workspaces', '--json', '--foreground-scripts=false', '--pack-destination', folder],
    {
      cwd: ROOT,
    },
  );
  return JSON.parse(printed).map(({ name, filename, files }) => ({
    name,
    short: name.replace('@servelab/', ''),
    tarball: join(folder, filename),
    files: files.map(({ path }) => path),
  }));
}

function checkContents(packages) {
  for (const { short, files } of packages) {
    for (const needed of ['LICENSE', 'README.md', 'package.json']) {
      check(files.includes(needed), `${needed} is missing from the tarball of ${short}`);
    }
    const ofTests = files.filter((file) => /\.(test|fixture)\.|__pycache__/.test(file));
    check(ofTests.length === 0, `the tarball of ${short} has files of tests: ${ofTests.join(', ')}`);
    const stale = files.filter((file) => {
      const source = join(ROOT, 'packages', short, file.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts'));
      return /^dist\/.*\.js$/.test(file) && !existsSync(source);
    });
    check(stale.length === 0, `${stale.join(', ')} of ${short} have no source`);
  }
  const lab = packages.find(({ short }) => short === 'lab');
  check(lab.files.includes('stacks/fastapi/tuned.py'), 'the lab has no Python services');
}

async function checkManifest({ tarball }) {
  await run(join(BIN, 'publint'), ['run', tarball, '--strict']);
  await run(join(BIN, 'attw'), [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color']);
}

async function install(packages) {
  const project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{"private":true,"type":"module"}\n');
  await run(
    'npm',
    [
      ...['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'],
      ...packages.map(({ tarball }) => tarball),
      ...['typescript', '@types/node'].map((name) => `${name}@${devDependencies[name]}`),
    ],
    { cwd: project },
  );
  return project;
}

const PROGRAM = `
import { createServer, type Policy, type RunningServer } from '@servelab/serve';

const simulated = { port: 0, runtime: 'simulated', workers: 1, logLevel: 'silent' } as const;
const server: RunningServer = await createServer(simulated);
const closed: Promise<void> = server.close();
await closed;
{
  await using other = await createServer({ ...simulated, policy: 'greedy', maxBatchSize: 2 });
  console.log(other.url, (other.batchCostsMs satisfies readonly number[]).length);
}
// @ts-expect-error: a list of origins
export const wrong: Parameters<typeof createServer>[0] = { corsOrigin: 'https://app.example' };
export type Decide = Policy['decide'];
`;

/** The program has its types, without skipLibCheck, and does what it says. */
async function checkTypes(project) {
  await writeFile(join(project, 'program.ts'), PROGRAM);
  const compilerOptions = {
    ...{ target: 'es2022', lib: ['es2023', 'esnext.disposable'], types: ['node'] },
    ...{ module: 'nodenext', strict: true, exactOptionalPropertyTypes: true },
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  await run(join(project, 'node_modules', '.bin', 'tsc'), [], { cwd: project });
  const printed = await run('node', ['program.js'], { cwd: project });
  check(/^http:\/\/127\.0\.0\.1:\d+ 2\n$/.test(printed), `the program printed ${printed}`);
}

/** With a cache of its own: weights and photographs come from where the environment says, or from their pinned URLs. */
async function checkServe(project) {
  const env = { ...environment, SERVELAB_CACHE_DIR: join(folder, 'cache') };
  const image = await sampleImage(project);
  const pull = await run('npx', ['servelab', 'model', 'pull'], { cwd: project, env }).then(
    () => null,
    (error) => error,
  );
  if (pull !== null) console.log(`no weights, so synthetic ones:\n${pull.message}`);
  const flags = ['--port', '0', '--workers', '1', ...(pull === null ? [] : ['--synthetic-weights'])];
  const server = spawn('npx', ['servelab', 'serve', ...flags], {
    ...{ cwd: project, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  const ended = once(server, 'exit');
  try {
    const url = await listening(server);
    const response = await fetch(`${url}/predict`, {
      ...{ method: 'POST', headers: { 'content-type': 'image/jpeg' } },
      body: await readFile(image),
    });
    const answer = await response.json();
    check(response.status === 200 && answer.predictions.length === 5, JSON.stringify(answer));
    if (pull === null && basename(image) === CAT)
      check(/cat/.test(answer.top_prediction), JSON.stringify(answer));
    console.log(`  ${basename(image)}: ${answer.top_prediction}`);
  } finally {
    if (server.exitCode === null) process.kill(-server.pid, 'SIGTERM');
    await ended;
  }
}

const CAT = 'cat_720p.jpg';

/** A photograph where the environment names a folder of them, otherwise the first image of the corpus. */
async function sampleImage(project) {
  const photograph = join(process.env.SERVELAB_IMAGE_SOURCE ?? '', CAT);
  if (existsSync(photograph)) return photograph;
  const images = join(project, 'images');
  await run('npx', ['servelab', 'images', '--out', images], { cwd: project });
  const [first] = (await readdir(images)).filter((name) => name.endsWith('.jpg')).sort();
  return join(images, first);
}

async function listening(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /^listening (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the server ended before it listened');
}

/** FastAPI takes part where its Python environment is installed already, for its sources are in the package. */
async function checkBench(project) {
  const listed = JSON.parse(await run('npx', ['servelab', 'stacks', 'list', '--json'], { cwd: project }));
  const fastapi = listed.find(({ name }) => name.startsWith('fastapi'));
  check(/^\d/.test(fastapi?.version ?? ''), `the version of FastAPI is ${fastapi?.version}`);
  if (!fastapi.installed)
    console.log('  FastAPI is not installed ("make peers"): only its lock file was read');
  const printed = await run(
    'npx',
    [
      ...['servelab', 'bench', '--workloads', 'photographs', '--out', 'run'],
      ...['--stacks', fastapi.installed ? 'servelab:none,fastapi' : 'servelab:none'],
      ...['--levels', '2', '--rates', '10', '--repeats', '1', '--warmup', '200ms', '--duration', '1s'],
    ],
    { cwd: project },
  );
  const [verdict, report] = printed.trimEnd().split('\n').slice(-2);
  check(verdict.startsWith('verdict: ') && report === 'report: run/report.html', printed);
  const { stacks } = JSON.parse(await readFile(join(project, 'run', 'report.json'), 'utf8'));
  for (const { name, points } of stacks) {
    check(points.length > 0, `${name} was not measured`);
    for (const { counts } of points) check(counts.ok > 0, `${name}: ${JSON.stringify(counts)}`);
  }
  console.log(`  measured: ${stacks.map(({ name }) => name).join(', ')}`);
}

try {
  const packages = await step('pack', pack);
  await step('contents of the tarballs', () => checkContents(packages));
  const [project] = await step('npm install, publint and attw', () =>
    Promise.all([install(packages), ...packages.map(checkManifest)]),
  );
  await step('types of @servelab/serve, npx servelab serve', () =>
    Promise.all([checkTypes(project), checkServe(project)]),
  );
  await step('npx servelab bench', () => checkBench(project));
  console.log(`ok: the packages can be installed and used (${elapsedS()} s)`);
} finally {
  if (keep) console.log(folder);
  else await rm(folder, { recursive: true, force: true });
}
