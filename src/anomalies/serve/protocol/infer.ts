import {
  anomalyModelNameSchema,
  inferenceHeaderLengthHeader,
  mostInferenceBytes,
  routedModelName,
  type AnomalyModelName,
  type ModelVersion,
} from '../../../contracts';
import { readBody } from '../../../platform/http/body';
import { unitOf } from '../../route/unit';
import type { PinnedModel } from '../modelServer';
import type { Serving } from '../serving';
import { inferenceAnswer, type ProtocolAnswer } from './inferenceAnswer';
import { readInferenceRequest, type InferenceRequest } from './inferenceRequest';
import { unknownModel, type ProtocolRequest } from './protocolRequest';
import { readTensor } from './tensor';
import { versionName } from './versionName';

/** A body up to this size is read within a millisecond or two: others may wait for it. Larger ones nobody waits for. */
const quickBytes = 65_536;

interface Target {
  readonly model: AnomalyModelName;
  readonly version: ModelVersion | undefined;
  /** What the answer says beside the tensors. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly setCookie?: string | undefined;
}

/**
 * `POST models/{name}[/versions/{version}]/infer`.
 * @throws INPUT_INVALID, INPUT_TOO_LARGE, MODEL_MISSING, NOT_FOUND
 */
export async function infer(
  serving: Serving,
  request: ProtocolRequest,
  name: string,
  version: ModelVersion | undefined,
): Promise<ProtocolAnswer> {
  const announced = Number(request.headers.get('content-length') ?? Number.NaN);
  const arrived = announced <= quickBytes ? serving.server.arrivals.announce() : () => {};
  try {
    const target = await targetOf(serving, request, name, version);
    const body = await readBody(request, mostInferenceBytes);
    const inference = readInferenceRequest(body, request.headers.get(inferenceHeaderLengthHeader));
    return await serving.server.use(target.model, target.version, request.signal, (pinned) =>
      classify(serving, { name, target, inference, pinned, arrived }, request.signal),
    );
  } finally {
    arrived();
  }
}

async function targetOf(
  { router, platform }: Serving,
  { headers, signal }: ProtocolRequest,
  name: string,
  version: ModelVersion | undefined,
): Promise<Target> {
  if (name === routedModelName && version === undefined) {
    const { unit, setCookie } = unitOf(headers, undefined, platform.newId);
    const chosen = await router.choose(unit, signal);
    const { model, role } = chosen;
    return { model, version: chosen.version, parameters: { model, role }, setCookie };
  }
  const known = anomalyModelNameSchema.safeParse(name);
  if (!known.success) throw unknownModel(name);
  return { model: known.data, version };
}

interface Call {
  readonly name: string;
  readonly target: Target;
  readonly inference: InferenceRequest;
  readonly pinned: PinnedModel;
  readonly arrived: () => void;
}

async function classify(
  { platform: { clock } }: Serving,
  { name, target, inference, pinned, arrived }: Call,
  signal: AbortSignal,
): Promise<ProtocolAnswer> {
  const { model, statistics } = pinned;
  const startedMs = clock.monotonic();
  try {
    const { input, binary, allowMissing } = inference;
    const rows = readTensor(input, binary, { d: model.features.length, allowMissing });
    const readMs = clock.monotonic();
    const classified = await pinned.classify(rows, signal, arrived);
    const classifiedMs = clock.monotonic();
    const about = {
      name,
      version: versionName(model.version),
      ...(target.parameters && { parameters: target.parameters }),
    };
    const answer = inferenceAnswer(inference, about, classified);
    const endedMs = clock.monotonic();
    statistics.succeeded({
      rows: rows.n,
      atMs: clock.now(),
      tookMs: endedMs - startedMs,
      inputMs: readMs - startedMs,
      outputMs: endedMs - classifiedMs,
    });
    return target.setCookie === undefined
      ? answer
      : { ...answer, headers: { ...answer.headers, 'set-cookie': target.setCookie } };
  } catch (error) {
    statistics.failed(clock.monotonic() - startedMs);
    throw error;
  }
}
