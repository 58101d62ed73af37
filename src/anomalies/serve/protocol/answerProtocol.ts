import {
  codeVersion,
  isQuarterdeckError,
  QuarterdeckError,
  repositoryIndexRequestSchema,
  type ModelVersion,
} from '../../../contracts';
import { readBody } from '../../../platform/http/body';
import { parseJson } from '../../../platform/http/json';
import type { Serving } from '../serving';
import { checkReady, modelMetadata, modelStatistics, readyModels, repositoryIndex } from './describeModels';
import { infer } from './infer';
import { jsonAnswer, type ProtocolAnswer } from './inferenceAnswer';
import { invalidInference } from './invalidInference';
import type { ProtocolRequest } from './protocolRequest';
import { versionOfName } from './versionName';

/**
 * The Open Inference Protocol over REST: finds the operation of a path below `/v2`, and turns what it returns or
 * throws into the protocol's answers, errors as `{"error": "…"}`.
 */
export async function answerProtocol(
  serving: () => Serving,
  request: ProtocolRequest,
): Promise<ProtocolAnswer> {
  try {
    return await dispatch(serving, request);
  } catch (error) {
    return failure(serving, error);
  }
}

const extensions = ['binary_tensor_data', 'model_repository', 'statistics', 'parameters'];
/** The index request is one flag. */
const mostIndexBytes = 4_096;

async function dispatch(serving: () => Serving, request: ProtocolRequest): Promise<ProtocolAnswer> {
  const segments = request.path.split('/').filter((segment) => segment !== '');
  const [area, ...rest] = segments;
  if (area === undefined) {
    requireMethod(request, 'GET');
    return jsonAnswer(200, { name: 'quarterdeck', version: codeVersion, extensions });
  }
  if (area === 'health' && rest.length === 1) return health(serving, request, rest[0]!);
  if (area === 'repository') return repository(serving, request, rest);
  if (area === 'models') return models(serving, request, rest);
  throw unknownPath(request.path);
}

async function health(
  serving: () => Serving,
  request: ProtocolRequest,
  probe: string,
): Promise<ProtocolAnswer> {
  requireMethod(request, 'GET');
  if (probe === 'live') return jsonAnswer(200, { live: true });
  if (probe !== 'ready') throw unknownPath(request.path);
  try {
    const ready = await readyModels(serving(), request.signal);
    if (ready.length > 0) return jsonAnswer(200, { live: true, ready: true });
    return jsonAnswer(503, { live: true, ready: false, error: 'no model is promoted yet' });
  } catch (error) {
    const { body } = failure(serving, error);
    return jsonAnswer(503, { live: true, ready: false, ...(JSON.parse(String(body)) as object) });
  }
}

async function repository(
  serving: () => Serving,
  request: ProtocolRequest,
  path: readonly string[],
): Promise<ProtocolAnswer> {
  if (path.length === 1 && path[0] === 'index') {
    requireMethod(request, 'POST');
    const body = await readBody(request, mostIndexBytes);
    const parsed = repositoryIndexRequestSchema.safeParse(body.byteLength === 0 ? {} : parseJson(body));
    if (!parsed.success) throw invalidInference('"ready" is true or false', 'ready', parsed.error);
    return jsonAnswer(200, await repositoryIndex(serving(), parsed.data.ready, request.signal));
  }
  const [models, name, action] = path;
  if (path.length === 3 && models === 'models' && (action === 'load' || action === 'unload')) {
    requireMethod(request, 'POST');
    throw invalidInference(
      `${action} of ${JSON.stringify(name)} is not allowed: models follow the registry by themselves; promote or roll back a version instead`,
      'name',
    );
  }
  throw unknownPath(request.path);
}

async function models(
  serving: () => Serving,
  request: ProtocolRequest,
  path: readonly string[],
): Promise<ProtocolAnswer> {
  if (path.length === 1 && path[0] === 'stats') {
    requireMethod(request, 'GET');
    return jsonAnswer(200, await modelStatistics(serving(), undefined, undefined, request.signal));
  }
  const [name, ...below] = path;
  if (name === undefined) throw unknownPath(request.path);
  let version: ModelVersion | undefined;
  if (below[0] === 'versions' && below.length >= 2) {
    version = versionOfName(below[1]!);
    if (version === undefined) {
      const given = JSON.stringify(below[1]!.slice(0, 100));
      throw new QuarterdeckError('NOT_FOUND', `no version ${given}; versions are spelled like 2026-q3-r1`, {
        culprit: { field: 'version' },
      });
    }
    below.splice(0, 2);
  }
  if (below.length > 1) throw unknownPath(request.path);
  switch (below[0]) {
    case undefined:
      requireMethod(request, 'GET');
      return jsonAnswer(200, await modelMetadata(serving(), name, version, request.signal));
    case 'ready':
      requireMethod(request, 'GET');
      await checkReady(serving(), name, version, request.signal);
      return jsonAnswer(200, { name, ready: true });
    case 'stats':
      requireMethod(request, 'GET');
      return jsonAnswer(200, await modelStatistics(serving(), name, version, request.signal));
    case 'infer':
      requireMethod(request, 'POST');
      return infer(serving(), request, name, version);
    default:
      throw unknownPath(request.path);
  }
}

class WrongMethod extends Error {
  constructor(readonly allowed: string) {
    super(`use ${allowed}`);
  }
}

function requireMethod({ method }: ProtocolRequest, allowed: 'GET' | 'POST'): void {
  if (method !== allowed) throw new WrongMethod(allowed);
}

function unknownPath(path: string): QuarterdeckError {
  return new QuarterdeckError('NOT_FOUND', `there is no /v2/${path.slice(0, 200)}`);
}

function failure(serving: () => Serving, error: unknown): ProtocolAnswer {
  if (error instanceof WrongMethod) {
    const answer = jsonAnswer(405, { error: error.message });
    return { ...answer, headers: { ...answer.headers, allow: error.allowed } };
  }
  if (!isQuarterdeckError(error) || error.status >= 500) serving().platform.telemetry.exception(error);
  if (!isQuarterdeckError(error)) return jsonAnswer(500, { error: 'unexpected error' });
  // What went wrong inside is for the operators; a caller learns what the code means.
  const message = error.status < 500 ? error.message : error.kind.meaning;
  const answer = jsonAnswer(protocolStatus(error), { error: message });
  if (error.retryAfterMs === undefined) return answer;
  const seconds = String(Math.ceil(error.retryAfterMs / 1_000));
  return { ...answer, headers: { ...answer.headers, 'retry-after': seconds } };
}

/** The protocol's own statuses: 400, 404, 500, 503; and 413, so that a client knows that less would be taken. */
function protocolStatus(error: QuarterdeckError): number {
  const { status } = error;
  if (status === 404 || status === 413) return status;
  if (status < 500) return error.code === 'ABORTED' ? 503 : 400;
  return error.retryable || status === 503 || status === 504 ? 503 : 500;
}
