import { QuarterdeckError } from '../../contracts';

/** What a served model says of itself; written as metadata, read back by `readOnnxMetadata`. */
export interface OnnxMetadata {
  readonly name: string;
  readonly version: string;
  /** In the order of the input's columns. */
  readonly features: readonly string[];
  /** Digest of the feature set the model was fitted on, as the caller computes it. */
  readonly featureDigest: string;
}

const metadataKeys = {
  name: 'quarterdeck.name',
  version: 'quarterdeck.version',
  features: 'quarterdeck.features',
  featureDigest: 'quarterdeck.feature_digest',
} as const;

export function metadataProperties(metadata: OnnxMetadata): { key: string; value: string }[] {
  return [
    { key: metadataKeys.name, value: metadata.name },
    { key: metadataKeys.version, value: metadata.version },
    { key: metadataKeys.features, value: JSON.stringify(metadata.features) },
    { key: metadataKeys.featureDigest, value: metadata.featureDigest },
  ];
}

/**
 * The metadata of a model that this project wrote; undefined for others.
 * @throws MODEL_BYTES_INVALID when the list of features is none.
 */
export function readOnnxMetadata(properties: ReadonlyMap<string, string>): OnnxMetadata | undefined {
  const name = properties.get(metadataKeys.name);
  const version = properties.get(metadataKeys.version);
  const features = properties.get(metadataKeys.features);
  const featureDigest = properties.get(metadataKeys.featureDigest);
  if (name === undefined || version === undefined || features === undefined || featureDigest === undefined) {
    return undefined;
  }
  let names: unknown;
  try {
    names = JSON.parse(features);
  } catch (error) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', 'the list of features is not JSON', { cause: error });
  }
  if (!Array.isArray(names) || !names.every((feature) => typeof feature === 'string')) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', 'the list of features is not a list of names');
  }
  return { name, version, features: names, featureDigest };
}
