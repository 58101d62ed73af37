/**
 * CatBoost's learning rate for binary log-likelihood when none is given (1.2, catboost/libs/train_lib/
 * options_helper.cpp): a power of the rows times a power of the rounds, fitted by its authors to many data sets.
 */
interface Coefficients {
  readonly rows: number;
  readonly constant: number;
  readonly rounds: number;
}

const withoutValidation: Coefficients = { rows: 0.427, constant: -7.525, rounds: -0.917 };
/** The best round is kept, so more of them may be tried in smaller steps. */
const withValidation: Coefficients = { rows: 0.246, constant: -5.127, rounds: -0.451 };
const usualRounds = 1_000;
const highestRate = 0.5;

export function automaticLearningRate(n: number, rounds: number, validated: boolean): number {
  const { rows, constant, rounds: exponent } = validated ? withValidation : withoutValidation;
  const rate = Math.exp(rows * Math.log(n) + constant + exponent * Math.log(rounds / usualRounds));
  return Math.min(highestRate, Math.round(rate * 1e6) / 1e6);
}
