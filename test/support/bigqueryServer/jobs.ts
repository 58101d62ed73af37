import { ApiError, duplicate, invalid, notFound } from './apiError';
import type { Engine, QueryResult } from './engine';
import type { Fault } from './faults';
import type { RestParameter } from './values';

interface QueryConfiguration {
  readonly query: string;
  readonly queryParameters?: readonly RestParameter[];
  readonly parameterMode?: string;
  readonly useLegacySql?: boolean;
}
interface LoadConfiguration {
  readonly destinationTable?: {
    readonly projectId?: string;
    readonly datasetId?: string;
    readonly tableId?: string;
  };
  readonly sourceFormat?: string;
  readonly createDisposition?: string;
  readonly writeDisposition?: string;
  readonly ignoreUnknownValues?: boolean;
  readonly maxBadRecords?: number;
}
export interface JobRequest {
  readonly jobReference?: {
    readonly projectId?: string;
    readonly jobId?: string;
    readonly location?: string;
  };
  readonly configuration?: { readonly query?: QueryConfiguration; readonly load?: LoadConfiguration };
}

export interface Job {
  readonly id: string;
  readonly request: JobRequest;
  readonly error: ApiError | undefined;
  readonly result: QueryResult | undefined;
  /** How many more times it is said to be running. */
  running: number;
}

/** https://cloud.google.com/bigquery/docs/reference/rest/v2/JobReference */
const jobIdPattern = /^[A-Za-z0-9_-]{1,1024}$/;

/** Jobs run when they are inserted, and are remembered by their id, which is taken once. */
export class Jobs {
  private readonly engine: Engine;
  private readonly jobs = new Map<string, Job>();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  get(id: string): Job {
    const job = this.jobs.get(id);
    if (!job) throw notFound(`Job ${this.engine.project}:${id}`);
    return job;
  }

  async insert(request: JobRequest, data: string | undefined, fault: Fault | undefined): Promise<Job> {
    const { jobId: id, location } = request.jobReference ?? {};
    if (id === undefined || !jobIdPattern.test(id)) throw invalid(`Invalid job ID "${String(id)}".`);
    if (location !== undefined && location !== this.engine.location)
      throw notFound(`Dataset in location ${location}`);
    if (this.jobs.has(id)) throw duplicate(`Job ${this.engine.project}:${id}`);
    let error: ApiError | undefined;
    let result: QueryResult | undefined;
    if (fault?.kind === 'failed job') error = new ApiError(400, fault.reason, fault.message);
    else {
      try {
        result = await this.run(request, data);
      } catch (failure) {
        if (!(failure instanceof ApiError)) throw failure;
        error = failure;
      }
    }
    const job: Job = {
      id,
      request,
      error,
      result,
      running: fault?.kind === 'slow job' ? fault.questions : 0,
    };
    this.jobs.set(id, job);
    return job;
  }

  async query(request: QueryConfiguration): Promise<QueryResult> {
    if (request.useLegacySql !== false) throw invalid('Legacy SQL is not supported.');
    if ((request.queryParameters?.length ?? 0) > 0 && request.parameterMode !== 'named') {
      throw invalid('Only named parameters are supported.');
    }
    return this.engine.query(request.query, request.queryParameters ?? []);
  }

  private async run(
    { configuration }: JobRequest,
    data: string | undefined,
  ): Promise<QueryResult | undefined> {
    if (configuration?.query) return this.query(configuration.query);
    if (configuration?.load && data !== undefined) {
      await this.load(configuration.load, data);
      return undefined;
    }
    throw invalid('Required parameter is missing: query or load.');
  }

  private async load(load: LoadConfiguration, data: string): Promise<void> {
    const { projectId, datasetId, tableId } = load.destinationTable ?? {};
    if (projectId !== this.engine.project || datasetId === undefined || tableId === undefined) {
      throw invalid('Invalid destination table.');
    }
    if (load.sourceFormat !== 'NEWLINE_DELIMITED_JSON')
      throw invalid(`Source format ${String(load.sourceFormat)}`);
    if (load.createDisposition !== 'CREATE_NEVER' || load.writeDisposition !== 'WRITE_APPEND') {
      throw invalid('Only CREATE_NEVER with WRITE_APPEND is supported.');
    }
    if (load.ignoreUnknownValues === true || (load.maxBadRecords ?? 0) > 0) {
      throw invalid('Only strict loading is supported.');
    }
    const rows = data
      .split('\n')
      .filter((line) => line !== '')
      .map((line, index) => {
        try {
          return JSON.parse(line) as unknown;
        } catch (error) {
          throw invalid(`JSON parsing error in row ${index}: ${(error as Error).message}`);
        }
      });
    await this.engine.append(datasetId, tableId, rows);
  }
}

/** A job as the REST API shows it. */
export function restJob(job: Job, { project, location }: Engine): object {
  const isRunning = job.running > 0;
  const problem = job.error && { reason: job.error.reason, message: job.error.message };
  return {
    kind: 'bigquery#job',
    id: `${project}:${location}.${job.id}`,
    jobReference: { projectId: project, jobId: job.id, location },
    configuration: job.request.configuration,
    status: isRunning
      ? { state: 'RUNNING' }
      : { state: 'DONE', ...(problem && { errorResult: problem, errors: [problem] }) },
  };
}
