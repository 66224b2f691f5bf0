import type { HostAnswer, HostRequest } from './hosted-check.js';

// Entry of the process of `HostedCheck`.
type Check = (bytes: Buffer, expected: unknown) => Promise<string | null> | string | null;
const { check } = (await import(new URL(process.argv[2] ?? '', import.meta.url).href)) as { check: Check };

process.on('message', async ({ id, bytes, expected }: HostRequest) => {
  let fault: string | null;
  try {
    fault = await check(Buffer.from(bytes), expected);
  } catch (error) {
    fault = `threw ${(error as Error).stack}`;
  }
  const answer: HostAnswer = { id, fault };
  process.send?.(answer);
});
process.on('disconnect', () => process.exit());
