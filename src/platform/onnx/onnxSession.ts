import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { QuarterdeckError } from '../../contracts';
import { stoppedError } from '../stopping';
import { checkOnnxModel, type OnnxLimits } from './checkOnnxModel';

export interface OnnxSessionOptions {
  readonly limits: OnnxLimits;
  /** Threads within one run. */
  readonly threads: number;
}

export type OnnxElementType = 'float32' | 'int64';

/** Values row-major; `shape` multiplies up to their number. */
export type OnnxTensor =
  | { readonly type: 'float32'; readonly values: Float32Array; readonly shape: readonly number[] }
  | { readonly type: 'int64'; readonly values: BigInt64Array; readonly shape: readonly number[] };

/** A dimension with a name is told at run time. */
export interface OnnxTensorInfo {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxSession {
  readonly inputs: readonly OnnxTensorInfo[];
  readonly outputs: readonly OnnxTensorInfo[];
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * Computes all outputs, or those asked for.
   * @throws ONNX_INPUT_INVALID for tensors that the model does not take, ONNX_FAILED, ABORTED, DEADLINE_EXCEEDED,
   * ONNX_CLOSED.
   */
  run(
    feeds: Readonly<Record<string, OnnxTensor>>,
    signal: AbortSignal,
    outputs?: readonly string[],
  ): Promise<Record<string, OnnxTensor>>;
  /** Frees the memory when the runs under way have ended; asking twice is no error. */
  close(): Promise<void>;
}

/**
 * Loads a model from bytes, never from a path, after `checkOnnxModel`. The runtime computes on the calling thread:
 * a run cannot be stopped once it has begun, so callers give it as many rows as they can wait for.
 * @throws as `checkOnnxModel`; ONNX_INVALID when the runtime refuses the model.
 */
export async function openOnnxSession(bytes: Uint8Array, options: OnnxSessionOptions): Promise<OnnxSession> {
  const { metadata } = checkOnnxModel(bytes, options.limits);
  // Loaded when first used: the native runtime takes a good part of a second, and most commands do not need it.
  const runtime = require('onnxruntime-node') as typeof import('onnxruntime-node');
  let session: InferenceSession;
  try {
    session = await runtime.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
      // What the runtime says of a model comes as an error too.
      logSeverityLevel: 4,
      // Waiting threads sleep: cores are shared with the rest of the process.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    throw new QuarterdeckError('ONNX_INVALID', 'the ONNX model is refused by the runtime', { cause: error });
  }
  const values = [...session.inputMetadata, ...session.outputMetadata];
  const foreign = values.find((value) => !value.isTensor);
  if (foreign) {
    await session.release();
    throw new QuarterdeckError('ONNX_UNSUPPORTED', `${foreign.name} of the ONNX model is not a tensor`, {
      culprit: { field: foreign.name },
    });
  }
  const inputs = session.inputMetadata.flatMap(tensorInfo);
  const outputs = session.outputMetadata.flatMap(tensorInfo);
  let underWay = 0;
  let closed = false;
  let released: Promise<void> | undefined;
  let idle: (() => void) | undefined;
  return {
    inputs,
    outputs,
    metadata,
    async run(feeds, signal, wanted = session.outputNames) {
      if (signal.aborted) throw stoppedError(signal);
      if (closed) throw new QuarterdeckError('ONNX_CLOSED', 'the ONNX session is closed');
      checkFeeds(inputs, feeds);
      const unknown = wanted.find((name) => !session.outputNames.includes(name));
      if (unknown !== undefined) throw inputInvalid(`the model has no output ${unknown}`, unknown);
      const tensors: Record<string, Tensor> = {};
      for (const [name, { type, values, shape }] of Object.entries(feeds)) {
        tensors[name] =
          type === 'float32'
            ? new runtime.Tensor(type, values, shape)
            : new runtime.Tensor(type, values, shape);
      }
      underWay++;
      let answer: InferenceSession.ReturnType;
      try {
        answer = await session.run(tensors, [...wanted]);
      } catch (error) {
        throw new QuarterdeckError('ONNX_FAILED', 'the ONNX model could not be run', { cause: error });
      } finally {
        underWay--;
        if (underWay === 0) idle?.();
      }
      if (signal.aborted) throw stoppedError(signal);
      return Object.fromEntries(wanted.map((name) => [name, answerTensor(name, answer[name]!)]));
    },
    async close() {
      closed = true;
      released ??= (async () => {
        if (underWay > 0) {
          await new Promise<void>((resolve) => {
            idle = resolve;
          });
        }
        await session.release();
      })();
      await released;
    },
  };
}

function tensorInfo(value: InferenceSession.ValueMetadata): OnnxTensorInfo[] {
  return value.isTensor ? [{ name: value.name, type: value.type, shape: value.shape }] : [];
}

function checkFeeds(inputs: readonly OnnxTensorInfo[], feeds: Readonly<Record<string, OnnxTensor>>): void {
  for (const name of Object.keys(feeds)) {
    if (!inputs.some((input) => input.name === name))
      throw inputInvalid(`the model has no input ${name}`, name);
  }
  for (const { name, type, shape } of inputs) {
    const feed = feeds[name];
    if (!feed) throw inputInvalid(`the input ${name} is missing`, name);
    if (feed.type !== type) throw inputInvalid(`the input ${name} is ${type}, not ${feed.type}`, name);
    const fits =
      feed.shape.length === shape.length &&
      shape.every((size, axis) => typeof size === 'string' || size === feed.shape[axis]);
    if (!fits) {
      throw inputInvalid(`the input ${name} is [${shape.join(', ')}], not [${feed.shape.join(', ')}]`, name);
    }
    const size = feed.shape.reduce((product, dimension) => product * dimension, 1);
    if (size !== feed.values.length) {
      throw inputInvalid(`${feed.values.length} values are not [${feed.shape.join(', ')}]`, name);
    }
  }
}

function answerTensor(name: string, tensor: Tensor): OnnxTensor {
  if (tensor.type === 'float32') {
    return { type: 'float32', values: tensor.data as Float32Array, shape: tensor.dims };
  }
  if (tensor.type === 'int64') {
    return { type: 'int64', values: tensor.data as BigInt64Array, shape: tensor.dims };
  }
  throw new QuarterdeckError(
    'ONNX_UNSUPPORTED',
    `the output ${name} is ${tensor.type}, which is not read here`,
    {
      culprit: { field: name },
    },
  );
}

function inputInvalid(why: string, field: string): QuarterdeckError {
  return new QuarterdeckError('ONNX_INPUT_INVALID', why, { culprit: { field } });
}
