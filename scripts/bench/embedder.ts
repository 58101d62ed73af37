import { performance } from 'node:perf_hooks';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../src/contracts';
import { readColumns } from '../../src/incidents';
import { fitSentenceEmbedder } from '../../src/learn/text';
import { createThreadPool } from '../../src/learn/threads';
import type { Benchmark, BenchmarkContext, Measurement } from './benchmark';
import { embedWithScikitLearn } from './scikitLearnPeer';

/** New tickets of a busy hour over all tech centres. */
const newTexts = 15_000;
const seed = 42;

export const benchmarks: Benchmark[] = [{ name: 'embedder', run }];

async function run(context: BenchmarkContext): Promise<Measurement[]> {
  const file = join(context.sharedDir, 'data', 'tickets', 'it_tickets.csv.gz');
  const texts = (await readColumns(file, { text: 'text' })).map(({ text }) => text);
  const queries = texts.slice(0, newTexts);
  const threads = createThreadPool(availableParallelism());
  try {
    context.log(`embedder: learning from ${texts.length} tickets`);
    const fitStart = performance.now();
    const embedder = await fitSentenceEmbedder(texts, {}, seededRandom(seed), { threads });
    const fitSeconds = (performance.now() - fitStart) / 1000;
    const embedStart = performance.now();
    embedder.embed(queries);
    const embedSeconds = (performance.now() - embedStart) / 1000;
    const bytes = embedder.toBytes().length;

    context.log('embedder: the views of spelling and words alone with scikit-learn');
    const peer = await embedWithScikitLearn(texts, queries);
    const missing = 'missing' in peer;
    const against = (ours: number, theirs: number | undefined): Pick<Measurement, 'peer' | 'ratio'> => ({
      peer: {
        name: 'scikit-learn',
        value: theirs,
        note: missing ? peer.missing : 'two of the three views',
      },
      ...(theirs !== undefined && { ratio: theirs / ours }),
    });
    return [
      {
        figure: `embedder fit, ${texts.length.toLocaleString('en')} tickets`,
        value: fitSeconds,
        unit: 's',
        ...against(fitSeconds, missing ? undefined : peer.fitSeconds),
        extra: { MiB: bytes / 2 ** 20, width: embedder.width },
      },
      {
        figure: `embed ${newTexts.toLocaleString('en')} tickets`,
        value: embedSeconds,
        unit: 's',
        target: '<= 60',
        ...against(embedSeconds, missing ? undefined : peer.embedSeconds),
      },
    ];
  } finally {
    await threads.close();
  }
}
