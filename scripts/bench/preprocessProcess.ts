import { preprocessAll } from '../../src/incidents/preprocess/preprocessAll';
import { composePlatform } from '../../src/platform/compose';

/** Preprocesses the data of its environment in a process of its own, so that its memory is its own. */
async function main(): Promise<void> {
  const platform = composePlatform(process.env);
  const start = performance.now();
  const runs = await preprocessAll(platform, {}, new AbortController().signal);
  const seconds = (performance.now() - start) / 1_000;
  await platform.close();
  process.stdout.write(
    `${JSON.stringify({
      seconds,
      peakMiB: process.resourceUsage().maxRSS / 1_024,
      stored: runs.reduce((sum, { counts }) => sum + (counts['stored'] ?? 0), 0),
      quarantined: runs.reduce((sum, { counts }) => sum + (counts['quarantined'] ?? 0), 0),
      failed: runs.filter(({ status }) => status !== 'ok').length,
    })}\n`,
  );
}

void main();
