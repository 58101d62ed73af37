import {
  anomalyModelNameSchema,
  inferenceHeaderLengthHeader,
  mostInferenceBytes,
  routedModelName,
  type ModelVersion,
} from '../../../contracts';
import { readBody } from '../../../platform/http/body';
import { unitOf } from '../../route/unit';
import type { PinnedModel } from '../modelServer';
import { useRouted, withChampionFeatures, type RoutedResult } from '../routedWork';
import type { Serving } from '../serving';
import { inferenceAnswer, type ProtocolAnswer } from './inferenceAnswer';
import { readInferenceRequest, type InferenceRequest } from './inferenceRequest';
import { unknownModel, type ProtocolRequest } from './protocolRequest';
import { readTensor } from './tensor';
import { versionName } from './versionName';

/** A body up to this size is read within a millisecond or two: others may wait for it. Larger ones nobody waits for. */
const quickBytes = 65_536;

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
  const { signal } = request;
  const routed = name === routedModelName && version === undefined;
  const known = anomalyModelNameSchema.safeParse(name);
  try {
    if (!routed && !known.success) throw unknownModel(name);
    const body = await readBody(request, mostInferenceBytes);
    const inference = readInferenceRequest(body, request.headers.get(inferenceHeaderLengthHeader));
    if (!routed) {
      const done = await serving.server.use(known.data!, version, signal, (pinned) =>
        classify(serving, { name, inference, pinned, arrived, signal }),
      );
      return done.value;
    }
    const { unit, setCookie } = unitOf(request.headers, undefined, () => serving.platform.newId());
    const chosen = await withChampionFeatures(serving, await serving.router.choose(unit), signal);
    const { value } = await useRouted(serving, chosen, signal, (pinned, { model, role }) =>
      classify(serving, { name, inference, pinned, arrived, signal, parameters: { model, role } }),
    );
    if (setCookie === undefined) return value;
    return { ...value, headers: { ...value.headers, 'set-cookie': setCookie } };
  } finally {
    arrived();
  }
}

interface Call {
  readonly name: string;
  readonly inference: InferenceRequest;
  readonly pinned: PinnedModel;
  readonly arrived: () => void;
  readonly signal: AbortSignal;
  /** What the answer says beside the tensors. */
  readonly parameters?: Readonly<Record<string, string>>;
}

async function classify(
  { platform: { clock } }: Serving,
  { name, inference, pinned, arrived, signal, parameters }: Call,
): Promise<RoutedResult<ProtocolAnswer>> {
  const { model, statistics } = pinned;
  const startedMs = clock.monotonic();
  try {
    const { input, allowMissing } = inference;
    const rows = readTensor(input, inference, { d: model.features.length, allowMissing });
    const readMs = clock.monotonic();
    const classified = await pinned.classify(rows, signal, arrived);
    const classifiedMs = clock.monotonic();
    const about = { name, version: versionName(model.version), ...(parameters && { parameters }) };
    const value = inferenceAnswer(inference, about, classified);
    const endedMs = clock.monotonic();
    statistics.succeeded({
      rows: rows.n,
      atMs: clock.now(),
      tookMs: endedMs - startedMs,
      inputMs: readMs - startedMs,
      outputMs: endedMs - classifiedMs,
    });
    return { value, rows, classified };
  } catch (error) {
    statistics.failed(clock.monotonic() - startedMs);
    throw error;
  }
}
