/**
 * One alarm per episode: a score at or above the level passes and begins a rest in which nothing passes. Detectors of
 * the Numenta benchmark do the same, since an operator who was called needs no second call.
 */
export class EpisodeGate {
  private resting = 0;

  /** @param restLength scores that are held back after an alarm. */
  constructor(
    private readonly level: number,
    private readonly restLength: number,
  ) {}

  /** The score itself, or 0 in the rest after an alarm. */
  pass(score: number): number {
    if (this.resting > 0) {
      this.resting--;
      return 0;
    }
    if (score >= this.level) this.resting = this.restLength;
    return score;
  }
}
