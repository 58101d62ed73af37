import { quarterName, type PipelineRun, type Quarter } from '../../src/contracts';
import type { RunningHost } from '../../src/host';
import { trainQuarter } from '../../src/incidents';
import { enqueuePreprocess } from '../../src/incidents/preprocess/enqueuePreprocess';
import type { Session } from '../session';

/** A part of the pipeline that did not end well. */
export interface Failure {
  readonly pipeline: PipelineRun['pipeline'];
  readonly scope: string;
  readonly errorCode: string | null;
  readonly detail: string | null;
}

/** How often the progress bar looks at the tables. */
const lookEveryMs = 1_000;

/**
 * The pipeline as it runs every day: the timers' functions fan out over the queues, the training script trains one
 * quarter after the other, so that identities and sizes have a history.
 */
export async function runPipeline(
  session: Session,
  host: RunningHost,
  quarters: readonly Quarter[],
): Promise<Failure[]> {
  const failures: Failure[] = [];
  failures.push(...(await fanOut(session, host, 'preprocess')));
  for (const quarter of quarters) {
    failures.push(...(await train(session, quarter)));
    failures.push(...(await fanOut(session, host, 'predict')));
  }
  return failures;
}

async function fanOut(
  { platform, output, signal }: Session,
  host: RunningHost,
  pipeline: 'preprocess' | 'predict',
): Promise<Failure[]> {
  output.say(pipeline === 'preprocess' ? 'Preprocessing new tickets …' : 'Predicting clusters …');
  const before = new Set((await latestRuns()).map(({ runId }) => runId));
  const bar = output.progress(pipeline);
  // What the bar cannot read, the pipeline meets too and reports.
  const update = (): void => void look().catch(() => {});
  const watch = process.stderr.isTTY ? setInterval(update, lookEveryMs) : undefined;
  try {
    // The file may hold history of a centre that was processed before; the timer would leave that alone.
    if (pipeline === 'preprocess') await enqueuePreprocess(platform, { fromStart: true }, signal);
    else await host.invoke('predictTimer');
    await host.idle(signal);
  } finally {
    clearInterval(watch);
    bar.stop();
  }
  const runs = (await latestRuns()).filter(({ runId }) => !before.has(runId));
  return runs
    .filter(({ status }) => status === 'failed' || status === 'partial')
    .map(({ scope, errorCode, detail }) => ({ pipeline, scope, errorCode, detail }));

  async function latestRuns(): Promise<PipelineRun[]> {
    return platform.warehouse.runs({ pipeline, limit: 500 }, signal);
  }

  async function look(): Promise<void> {
    const counts = await platform.warehouse.centerCounts(signal);
    const done = counts.reduce(
      (sum, row) => sum + (pipeline === 'preprocess' ? row.preprocessed : row.predicted),
      0,
    );
    const total = counts.reduce((sum, row) => sum + row.incidents, 0);
    bar.update(Math.min(done, total), total);
  }
}

async function train({ platform, output, signal }: Session, quarter: Quarter): Promise<Failure[]> {
  output.say(`Training ${quarterName(quarter)} …`);
  const bar = output.progress(`train ${quarterName(quarter)}`);
  const done = new Map<string, number>();
  const centers = (await platform.warehouse.techCenters(signal)).length;
  try {
    const report = await trainQuarter(
      platform,
      { ...quarter, maxWorkers: platform.settings.TRAIN_MAX_WORKERS, promote: true },
      {
        signal,
        onProgress: (techCenter, progress) => {
          done.set(techCenter, progress.total === 0 ? 0 : progress.done / progress.total);
          const sum = [...done.values()].reduce((total, share) => total + share, 0);
          bar.update(Math.round(sum * 100), centers * 100, `${techCenter}: ${progress.stage}`);
        },
      },
    );
    bar.stop();
    for (const { techCenter, promotion, detail } of report.centers) {
      if (promotion === 'refused') output.say(`  ${techCenter} stays with its current version: ${detail}`);
    }
    return report.centers
      .filter(({ status }) => status === 'failed')
      .map(({ techCenter, errorCode, detail }) => ({
        pipeline: 'train',
        scope: techCenter,
        errorCode,
        detail,
      }));
  } finally {
    bar.stop();
  }
}
