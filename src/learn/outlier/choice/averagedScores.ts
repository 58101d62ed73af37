import { contaminationThreshold } from '../contamination';
import type { FittedDetector } from '../detector';

/** A fitted detector and the place and spread of its training scores. */
export interface AveragedMember {
  readonly fitted: FittedDetector;
  readonly mean: number;
  readonly spread: number;
}

export function averagedMember(fitted: FittedDetector, trainingScores: Float64Array): AveragedMember {
  let mean = 0;
  for (const score of trainingScores) mean += score / trainingScores.length;
  let square = 0;
  for (const score of trainingScores) square += (score - mean) ** 2 / trainingScores.length;
  return { fitted, mean, spread: Math.sqrt(square) || 1 };
}

/** The mean of scores in units of their spread in training, wild ones compressed. */
function average(members: readonly AveragedMember[], scores: (member: number) => number): number {
  let sum = 0;
  members.forEach(({ mean, spread }, at) => (sum += Math.asinh((scores(at) - mean) / spread)));
  return sum / members.length;
}

function averageScores(members: readonly AveragedMember[], scores: readonly Float64Array[]): Float64Array {
  return scores[0]!.map((_, row) => average(members, (member) => scores[member]![row]!));
}

/** Threshold of the averaged scores above the share `contamination` of the training rows. */
export function averagedThreshold(
  members: readonly AveragedMember[],
  trainingScores: readonly Float64Array[],
  contamination: number,
): number {
  return contaminationThreshold(averageScores(members, trainingScores), contamination);
}

/** Scoring, explaining and streaming by several members at once; one alone keeps its own scores. */
export function averagedScoring(
  members: readonly AveragedMember[],
): Pick<FittedDetector, 'score' | 'explain' | 'stream'> {
  const [only, ...others] = members.map(({ fitted }) => fitted);
  if (others.length === 0) return only!;
  return {
    score: (data, run) =>
      averageScores(
        members,
        members.map(({ fitted }) => fitted.score(data, run)),
      ),
    explain(data, row) {
      const sums = new Float64Array(data.d);
      for (const { fitted } of members) {
        const own = fitted.explain(data, row);
        const total = own.reduce((sum, value) => sum + value, 0);
        // Units differ from member to member: each has one to share out.
        if (total > 0) own.forEach((value, column) => (sums[column]! += value / total));
      }
      return sums;
    },
    ...(members.every(({ fitted }) => 'stream' in fitted) && {
      stream() {
        const streams = members.map(({ fitted }) => fitted.stream!());
        return {
          update(row) {
            const scores = streams.map((stream) => stream.update(row));
            return average(members, (member) => scores[member]!);
          },
        };
      },
    }),
  };
}
