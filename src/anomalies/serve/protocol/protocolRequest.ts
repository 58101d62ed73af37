import { QuarterdeckError } from '../../../contracts';
import type { BodySource } from '../../../platform/http/body';

/** A request below `/v2`, as any HTTP runtime can hand it over. */
export interface ProtocolRequest extends BodySource {
  readonly method: string;
  /** Below `/v2`, percent-decoded: `models/xgboost_anomaly/infer`. */
  readonly path: string;
  readonly signal: AbortSignal;
}

export function unknownModel(name: string): QuarterdeckError {
  return new QuarterdeckError('NOT_FOUND', `unknown model ${JSON.stringify(name.slice(0, 100))}`, {
    culprit: { field: 'name' },
  });
}
