// Whether memory stays flat: a server at a share of what it can do, for minutes. Looks at the resident memory of the main
// process and of its worker once a second, of their own and of the memory that they share for bodies (which grows to the
// most that were ever held at once, 64 MiB at the most); what a collection leaves is a low point, so the lowest point of
// each fifth is shown, after a warm-up. Server on one core, client on the other. `--model none` meets as many requests in
// a minute as int8 in ten.
//
//   node bench/soak.mjs [--minutes 10] [--share 0.8] [--model int8] [--sizes 224x224,1280x720] [--base CHECKOUT]
//
// --base measures the servelab of another checkout, installed and built, instead.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { driveClosed, driveOpen } from './drive-load.mjs';
import { workersOf } from './processor-time.mjs';
import { sampleJpeg } from './sample-images.mjs';
import { modelFlags, NO_MODEL, ROOT, serveArguments, withServerProcess } from './served-model.mjs';
import { withFolder } from './with-folder.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    share: { type: 'string', default: '0.8' },
    model: { type: 'string', default: 'int8' },
    base: { type: 'string', default: ROOT },
    sizes: { type: 'string', default: '224x224,1280x720' },
  },
});
const WARM_UP_S = 30;
const LOOK_EVERY_MS = 1000;
const PARTS = 5;

async function residentMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const of = (kind) => Number(new RegExp(`^Rss${kind}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 1024;
  return { own: of('Anon') + of('File'), shared: of('Shmem') };
}

async function lookAt(pid) {
  const [first] = await workersOf(pid);
  const [main, worker] = [await residentMb(pid), await residentMb(first)];
  return {
    main: main.own,
    'main, shared': main.shared,
    worker: worker.own,
    'worker, shared': worker.shared,
  };
}

await withFolder(async (folder) => {
  const images = [];
  for (const size of values.sizes.split(',')) {
    const path = join(folder, `${size}.jpg`);
    await writeFile(path, await sampleJpeg(...size.split('x').map(Number)));
    images.push({ path, expectedClass: null });
  }
  const costPath = join(folder, 'cost.json');
  await writeFile(costPath, JSON.stringify(NO_MODEL));
  const flags = ['--workers', '1', '--log-level', 'error', ...modelFlags(values.model, costPath)];
  await withServerProcess(serveArguments(values.base, flags), {}, async (url, pid) => {
    const closed = { url, images, body: 'multipart', concurrency: 16, durationS: WARM_UP_S, folder };
    const { counts, startedUs, endedUs } = await driveClosed(closed);
    const rateRps = (Number(values.share) * counts.ok) / ((endedUs - startedUs) / 1e6);
    console.log(`${rateRps.toFixed(0)} requests/s for ${values.minutes} min`);
    const looks = [];
    const timer = setInterval(() => lookAt(pid).then((look) => looks.push(look)), LOOK_EVERY_MS);
    const open = { url, images, body: 'multipart', rateRps, durationS: Number(values.minutes) * 60, folder };
    const load = await driveOpen(open).finally(() => clearInterval(timer));
    console.log(`${load.counts.ok} of ${load.counts.scheduled} requests were answered\n`);
    console.log(
      `| lowest resident memory, MB | ${Array.from({ length: PARTS }, (_, n) => `fifth ${n + 1}`).join(' | ')} | most |`,
    );
    console.log(`| --- |${' ---: |'.repeat(PARTS + 1)}`);
    for (const memory of Object.keys(looks[0])) {
      const rss = looks.map((look) => look[memory]);
      const part = Math.floor(rss.length / PARTS);
      const lowest = Array.from({ length: PARTS }, (_, n) =>
        Math.min(...rss.slice(n * part, (n + 1) * part)),
      );
      console.log(`| ${memory} | ${[...lowest, Math.max(...rss)].map((mb) => mb.toFixed(1)).join(' | ')} |`);
    }
  });
});
