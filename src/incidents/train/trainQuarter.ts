import {
  isQuarterdeckError,
  quarterName,
  type Manifest,
  type ModelVersion,
  type PipelineRun,
  type Quarter,
} from '../../contracts';
import type { Progress } from '../../learn/run';
import { createThreadPool, type ThreadPool } from '../../learn/threads';
import type { Lease } from '../../platform/blobs/blobs';
import type { Platform } from '../../platform/platform';
import { encodeSegment } from '../../registry';
import { finishRun, startRun, type RunOutcome } from '../../platform/pipelineRun';
import { trainCenter, type CenterTraining } from './trainCenter';

export interface TrainRequest extends Quarter {
  /** All centres of the source when left out. */
  readonly techCenters?: readonly string[];
  /** Centres trained at once, each on a thread of its own. */
  readonly maxWorkers: number;
  readonly promote: boolean;
  /**
   * Centres that another machine trains are waited for and taken over if it dies; false leaves them to it.
   * Default true.
   */
  readonly waitForOthers?: boolean;
}

export interface TrainControl {
  readonly signal: AbortSignal;
  readonly onProgress?: (techCenter: string, progress: Progress) => void;
  /** Told of every centre when it is done, or found to be trained elsewhere. */
  readonly onCenter?: (report: CenterReport, total: number) => void;
}

export interface CenterReport {
  readonly techCenter: string;
  /** `elsewhere`: another machine holds the centre's lease. */
  readonly status: PipelineRun['status'] | 'elsewhere';
  readonly version: ModelVersion | null;
  /** `current`, `candidate`, `refused` or `superseded`; null without a version. */
  readonly promotion: string | null;
  readonly rows: number;
  readonly resumed: boolean;
  readonly metrics: Manifest['metrics'];
  readonly errorCode: string | null;
  readonly detail: string | null;
}

export interface TrainReport {
  readonly year: number;
  readonly quarter: Quarter['quarter'];
  readonly centers: readonly CenterReport[];
}

/** Between two looks at a lease that another machine holds. */
const leasePollMs = 5_000;

/**
 * Trains the quarter for every tech centre, largest first. Machines that run the same command share the centres by
 * blob lease; a centre that fails is reported, and the others go on.
 *
 * @throws ABORTED when asked to stop, and what listing the centres throws
 */
export async function trainQuarter(
  platform: Platform,
  request: TrainRequest,
  control: TrainControl,
): Promise<TrainReport> {
  const { signal } = control;
  const centers = await centersToTrain(platform, request, signal);
  const workers = Math.max(1, Math.min(request.maxWorkers, centers.length));
  const threads = createThreadPool(workers);
  const reports = new Map<string, CenterReport>();
  try {
    let waiting = centers;
    for (;;) {
      const queue = [...waiting];
      const worker = async (): Promise<void> => {
        for (let center = queue.shift(); center !== undefined; center = queue.shift()) {
          const done = await trainLeased(platform, center, request, threads, control);
          reports.set(center, done);
          control.onCenter?.(done, centers.length);
        }
      };
      await Promise.all(Array.from({ length: workers }, worker));
      waiting = centers.filter((center) => reports.get(center)?.status === 'elsewhere');
      if (waiting.length === 0 || request.waitForOthers === false) break;
      await platform.clock.sleep(leasePollMs, signal);
    }
  } finally {
    await threads.close();
  }
  return {
    year: request.year,
    quarter: request.quarter,
    centers: centers.map((center) => reports.get(center)!),
  };
}

/** Largest first, so that the long ones do not start last. */
async function centersToTrain(
  platform: Platform,
  { techCenters }: TrainRequest,
  signal: AbortSignal,
): Promise<string[]> {
  const known = await platform.warehouse.techCenters(signal);
  const sizes = new Map(known.map(({ techCenter, incidents }) => [techCenter, incidents]));
  const wanted = techCenters ? [...new Set(techCenters)] : [...sizes.keys()];
  return wanted.sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || (a < b ? -1 : 1));
}

async function trainLeased(
  platform: Platform,
  techCenter: string,
  request: TrainRequest,
  threads: ThreadPool,
  control: TrainControl,
): Promise<CenterReport> {
  const { signal } = control;
  const quarter: Quarter = { year: request.year, quarter: request.quarter };
  const run = startRun(platform, 'train', techCenter);
  let lease: Lease;
  try {
    const name = `train/${quarterName(quarter)}/${encodeSegment(techCenter)}`;
    lease = await platform.blobs.acquireLease(name, { signal });
  } catch (error) {
    if (!isQuarterdeckError(error, 'LEASE_HELD')) {
      return report(techCenter, await finishRun(platform, run, { error }, signal), undefined);
    }
    return {
      ...report(techCenter, run, undefined),
      status: 'elsewhere',
      detail: 'another machine trains it',
    };
  }
  try {
    const { onProgress } = control;
    let training: CenterTraining;
    try {
      training = await trainCenter(
        platform,
        { techCenter, quarter, promote: request.promote },
        {
          signal: AbortSignal.any([signal, lease.lost]),
          threads,
          ...(onProgress && { onProgress: (progress: Progress) => onProgress(techCenter, progress) }),
        },
      );
    } catch (error) {
      return report(techCenter, await finishRun(platform, run, { error }, signal), undefined);
    }
    const finished = await finishRun(platform, run, outcomeOf(platform, training), signal);
    return report(techCenter, finished, training);
  } finally {
    await lease.release();
  }
}

function outcomeOf(platform: Platform, training: CenterTraining): RunOutcome {
  const { rows, version, promotion, metrics } = training;
  const clusters = metrics['clusters'];
  const counts = { rows, ...(typeof clusters === 'number' && { clusters }) };
  if (version === undefined) {
    const minimum = platform.settings.TRAIN_MINIMUM_ROWS;
    return { counts, skipped: true, detail: `${rows} rows with content, at least ${minimum} are needed` };
  }
  const said = promotion && 'detail' in promotion ? `${version}: ${promotion.detail}` : version;
  if (promotion?.state === 'refused') {
    return { counts, partial: { errorCode: 'GATE_REFUSED' }, detail: said };
  }
  return { counts, detail: training.resumed ? `${said} (published by an earlier attempt)` : said };
}

function report(techCenter: string, run: PipelineRun, training: CenterTraining | undefined): CenterReport {
  return {
    techCenter,
    status: run.status,
    version: training?.version ?? null,
    promotion: training?.promotion?.state ?? null,
    rows: training?.rows ?? 0,
    resumed: training?.resumed ?? false,
    metrics: training?.metrics ?? {},
    errorCode: run.errorCode,
    detail: run.detail,
  };
}
