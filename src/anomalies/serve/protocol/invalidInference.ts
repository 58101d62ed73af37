import { QuarterdeckError } from '../../../contracts';

/** A request that the protocol, or the model, does not allow. */
export function invalidInference(message: string, field: string, cause?: unknown): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', message, { culprit: { field }, cause });
}
