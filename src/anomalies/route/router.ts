import type { ModelReference } from '../../registry';

/** The model that a unit meets. */
export interface RoutedModel extends ModelReference {
  readonly role: 'champion' | 'challenger';
}

export interface RoutedChoice extends RoutedModel {
  readonly unit: string;
  readonly position: number;
  /** Names the weights that the choice was made under. */
  readonly split: { readonly key: string; readonly share: number };
  /** Answers when the challenger cannot. */
  readonly champion: ModelReference;
  /** Scores the same rows silently: the challenger in shadow mode, the champion as a control during a canary. */
  readonly silent: (ModelReference & { readonly role: 'champion' | 'challenger' }) | undefined;
  /** The canary whose health the request counts for. */
  readonly canary: { readonly id: string; readonly stage: number } | undefined;
}

export interface Router {
  /** @throws MODEL_MISSING when no champion is set */
  choose(unit: string): Promise<RoutedChoice>;
  /** Champion first, then the challenger if it gets any requests. Throws MODEL_MISSING. */
  models(): Promise<RoutedModel[]>;
}
