import type { AnomalyModelName, ModelVersion } from '../../contracts';

/** The model that a unit meets. */
export interface RoutedModel {
  readonly model: AnomalyModelName;
  readonly version: ModelVersion;
  readonly role: 'champion' | 'challenger';
}

export interface Router {
  /** @throws MODEL_MISSING when no champion is set */
  choose(unit: string, signal: AbortSignal): Promise<RoutedModel>;
  /** Champion first, then the challenger if there is one. Throws MODEL_MISSING. */
  models(signal: AbortSignal): Promise<RoutedModel[]>;
}
