import { chiSquareOfShares } from '../../learn/experiment';

/** What the split has come out as against what it should be. */
export interface SplitCheck {
  /** Different units that this process has answered since the weights were set. */
  readonly champion: number;
  readonly challenger: number;
  readonly expectedChallengerShare: number;
  readonly p: number;
  /** The counts cannot be the weights' doing: the comparison of the two models is not to be trusted. */
  readonly mismatch: boolean;
}

/** Usual for sample-ratio checks (Fabijan et al., KDD 2019): they run all the time, and an alarm stops an experiment. */
const alarmP = 0.001;
/** Enough to see a deviation of a percentage point; what comes later changes nothing. */
const mostUnits = 200_000;

/**
 * Counts units, not requests: one unit that asks often is one draw of the split. By the role that answered, so that a
 * challenger that fails, and is answered for by the champion, shows.
 */
export class SplitCounter {
  #key = '';
  #expectedShare = 0;
  readonly #champion = new Set<number>();
  readonly #challenger = new Set<number>();

  /** @param position where the unit stands: as good as its name, and nobody's name is kept */
  record(
    split: { readonly key: string; readonly share: number },
    position: number,
    role: 'champion' | 'challenger',
  ): void {
    if (split.key !== this.#key) {
      this.#key = split.key;
      this.#expectedShare = split.share;
      this.#champion.clear();
      this.#challenger.clear();
    }
    if (this.#champion.size + this.#challenger.size >= mostUnits) return;
    (role === 'champion' ? this.#champion : this.#challenger).add(position);
  }

  check(): SplitCheck {
    const [champion, challenger] = [this.#champion.size, this.#challenger.size];
    const share = this.#expectedShare;
    const counts = { champion, challenger, expectedChallengerShare: share };
    // A share of nothing or of all is kept or broken, by one unit already.
    if (share <= 0 || share >= 1) {
      const strays = share <= 0 ? challenger : champion;
      return { ...counts, p: strays > 0 ? 0 : 1, mismatch: strays > 0 };
    }
    const { p } = chiSquareOfShares([champion, challenger], [1 - share, share]);
    return { ...counts, p, mismatch: p < alarmP };
  }
}
