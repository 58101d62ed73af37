import { z } from 'zod';

/**
 * The Open Inference Protocol, REST, as it travels over `/v2/…` (kserve/open-inference-protocol,
 * specification/protocol/open_inference_rest.yaml), with Triton's extensions for binary tensors, the model repository
 * and statistics. Fields that the protocol does not name are passed over: clients of other servers send some.
 */

/** Name of the one input: rows of features in the order that the model's metadata gives. */
export const featuresTensor = 'features';
/** 1 for an anomaly, one per row. */
export const labelTensor = 'label';
/** Per row the probability of being normal and of being an anomaly. */
export const probabilitiesTensor = 'probabilities';
export const outputTensors = [labelTensor, probabilitiesTensor] as const;
export type OutputTensor = (typeof outputTensors)[number];

/** Rows of one request. */
export const mostInferenceRows = 10_000;
/** 10,000 rows of 500 features as JSON with all digits of a 32-bit float. */
export const mostInferenceBytes = 96 * 1024 * 1024;
/** JSON before the tensors of a binary request. */
export const inferenceHeaderLengthHeader = 'inference-header-content-length';

const parametersSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const inferenceInputSchema = z.object({
  name: z.string(),
  shape: z.array(z.number()).min(1).max(8),
  datatype: z.string().max(16),
  parameters: parametersSchema.optional(),
  /** Flat or nested lists of numbers: millions of them, so they are read by hand. */
  data: z.unknown().optional(),
});
export type InferenceInput = z.infer<typeof inferenceInputSchema>;

export const inferenceRequestSchema = z.object({
  id: z.string().max(1_024).optional(),
  parameters: parametersSchema.optional(),
  inputs: z.array(inferenceInputSchema).min(1).max(16),
  outputs: z
    .array(z.object({ name: z.string(), parameters: parametersSchema.optional() }))
    .max(16)
    .optional(),
});
export type InferenceDocument = z.infer<typeof inferenceRequestSchema>;

export const repositoryIndexRequestSchema = z.object({ ready: z.boolean().default(false) });

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  /** -1 where any size goes. */
  readonly shape: readonly number[];
}

export interface ModelMetadata {
  readonly name: string;
  readonly versions?: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
  /** As in the protocol's gRPC form: text by name. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface RepositoryModel {
  readonly name: string;
  readonly version: string;
  readonly state: 'READY' | 'UNAVAILABLE';
  readonly reason: string;
}

/** How often something was measured, and how long it took altogether. */
export interface DurationStatistic {
  readonly count: number;
  readonly ns: number;
}

export interface ModelStatisticsDocument {
  readonly name: string;
  readonly version: string;
  readonly last_inference: number;
  readonly inference_count: number;
  readonly execution_count: number;
  readonly inference_stats: Readonly<
    Record<
      'success' | 'fail' | 'queue' | 'compute_input' | 'compute_infer' | 'compute_output' | 'cache_hit',
      DurationStatistic
    >
  >;
  readonly batch_stats: readonly {
    readonly batch_size: number;
    readonly compute_input: DurationStatistic;
    readonly compute_infer: DurationStatistic;
    readonly compute_output: DurationStatistic;
  }[];
}
