import { createHash } from 'node:crypto';
import { finished } from 'node:stream/promises';
import type { BigQuery, JobMetadata, TableSchema } from '@google-cloud/bigquery';
import type { Parameters } from '../parameters';
import type { Connection } from './connection';
import { isStatus, warehouseError } from './errors';
import { queryParameters, type RestValue } from './values';

const firstPollMs = 50;
const longestPollMs = 2_000;

/** Rows of a SELECT. Reads may be repeated, so no job id is kept for them. */
export async function select(
  connection: Connection,
  doing: string,
  sql: string,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<RestValue[][]> {
  return connection.run(doing, signal, async (client) => {
    const [rows] = await client.query({ query: sql, skipParsing: true, ...queryParameters(parameters) });
    return (rows as { f: { v: RestValue }[] }[]).map((row) => row.f.map(({ v }) => v));
  });
}

/**
 * Runs a statement that writes, exactly once: its job id is made from the statement, its parameters and
 * `operation`. When an answer is lost the same id is sent again, and 409 says that the job is there already.
 */
export async function execute(
  connection: Connection,
  doing: string,
  operation: string,
  sql: string,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<void> {
  const { params, types } = queryParameters(parameters);
  await once(
    connection,
    doing,
    jobName(operation, sql, JSON.stringify(params)),
    signal,
    async (client, jobId) => {
      await client.createQueryJob({ query: sql, params, types, jobId });
    },
  );
}

/** Appends lines of JSON to a table, exactly once and all or none of them; see `execute`. */
export async function load(
  connection: Connection,
  doing: string,
  operation: string,
  target: { readonly dataset: string; readonly table: string; readonly schema: TableSchema },
  lines: string,
  signal: AbortSignal,
): Promise<void> {
  const name = jobName(operation, target.table, lines);
  await once(connection, doing, name, signal, async (client, jobId) => {
    const stream = client.dataset(target.dataset).table(target.table).createWriteStream({
      jobId,
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      schema: target.schema,
      createDisposition: 'CREATE_NEVER',
      writeDisposition: 'WRITE_APPEND',
      maxBadRecords: 0,
      ignoreUnknownValues: false,
    });
    stream.end(lines);
    await finished(stream, { readable: false });
  });
}

async function once(
  connection: Connection,
  doing: string,
  name: string,
  signal: AbortSignal,
  start: (client: BigQuery, jobId: string) => Promise<void>,
): Promise<void> {
  /** A job that has failed keeps its id, so the next try needs another one. */
  let failures = 0;
  await connection.run(doing, signal, async (client, limited) => {
    const jobId = `${name}_${failures}`;
    try {
      await start(client, jobId);
    } catch (error) {
      // 409: an earlier try went through, though its answer was lost. Otherwise only the job itself can say
      // that it is there and has failed; a broken connection says nothing of it.
      if (!isStatus(error, 409) && !(await hasFailed(client, jobId))) throw error;
    }
    try {
      await done(connection, client, jobId, limited);
    } catch (error) {
      if (error instanceof JobFailed) {
        failures++;
        throw warehouseError(error.problem, doing);
      }
      throw error;
    }
  });
}

class JobFailed extends Error {
  readonly problem: unknown;
  constructor(problem: { readonly message?: string }) {
    super(problem.message);
    this.problem = problem;
  }
}

async function hasFailed(client: BigQuery, jobId: string): Promise<boolean> {
  const found = await client
    .job(jobId)
    .getMetadata()
    .catch(() => undefined);
  return failureOf(found?.[0] as JobMetadata | undefined) !== undefined;
}

function failureOf(metadata: JobMetadata | undefined): { message: string } | undefined {
  const { state, errorResult, errors } = metadata?.status ?? {};
  if (state !== 'DONE' || !errorResult) return undefined;
  return { ...errorResult, message: jobMessage(errorResult, errors ?? []) };
}

async function done(
  { options: { clock } }: Connection,
  client: BigQuery,
  jobId: string,
  signal: AbortSignal,
): Promise<void> {
  for (let wait = firstPollMs; ; wait = Math.min(longestPollMs, wait * 2)) {
    const [metadata] = (await client.job(jobId).getMetadata()) as unknown as [JobMetadata];
    const failure = failureOf(metadata);
    if (failure) throw new JobFailed(failure);
    if (metadata.status?.state === 'DONE') return;
    await clock.sleep(wait, signal);
  }
}

/** The error of the job, and the rows that a load job names in its list. */
function jobMessage(result: { message?: string }, errors: readonly { message?: string }[]): string {
  const messages = [result, ...errors]
    .map(({ message }) => message)
    .filter((message) => message !== undefined);
  return [...new Set(messages)].slice(0, 5).join(' | ');
}

function jobName(operation: string, ...content: string[]): string {
  const hash = createHash('sha256');
  for (const part of content) hash.update(part).update('\0');
  return `quarterdeck_${operation}_${hash.digest('hex').slice(0, 32)}`;
}
