import { QuarterdeckError } from '../../../contracts';
import { decodeModel, encodeModel, type ModelArray } from '../../binary';
import { checkMatrix } from '../../matrix';
import { checkAborted } from '../../run';
import { contaminationThreshold, defaultContamination, requireContamination } from '../contamination';
import type { Detector, DetectorDecoder, DetectorEntry, FittedDetector } from '../detector';
import { requireOption, withDefaults } from '../detectorOptions';
import { queryRow } from '../queries';
import { agreementWeights } from './agreementWeights';
import { scoreScale, unifyScore, type Normalization, type ScoreScale } from './unifyScores';

/** Several detectors asked together. */
export interface VotingEnsembleOptions {
  /** Names of the members. */
  readonly members: readonly string[];
  /**
   * `scores` (default): the weighted mean of the members' scores, each brought to one scale. `majority`: how many
   * members call the row an anomaly. `weighted`: the same by weight. Votes that are equal are told apart by scores.
   */
  readonly voting: 'scores' | 'majority' | 'weighted';
  /** How scores are brought to one scale. Default rank. */
  readonly normalization: Normalization;
  /** Weights of the members; by their agreement on the training rows when empty (default). */
  readonly weights: readonly number[];
  /** Share of the training rows above the threshold, of each member and of `scores`. Default 0.05. */
  readonly contamination: number;
}

const defaults: VotingEnsembleOptions = {
  members: ['isolation_forest', 'principal_components', 'nearest_neighbors', 'linear_residuals'],
  voting: 'scores',
  normalization: 'rank',
  weights: [],
  contamination: defaultContamination,
};

const kind = 'voting_ensemble';
const formatVersion = 1;
const minimumRows = 20;
/** Keeps what tells equal votes apart below one vote. */
const belowOne = 1 - 1e-9;

interface Member {
  readonly fitted: FittedDetector;
  readonly scale: ScoreScale;
  readonly weight: number;
}

interface EnsembleState {
  readonly members: readonly Member[];
  readonly voting: VotingEnsembleOptions['voting'];
  readonly normalization: Normalization;
  readonly threshold: number;
}

/** The detector `voting_ensemble` over the detectors of `entries`. */
export function votingEnsembleEntry(entries: readonly DetectorEntry[]): DetectorEntry {
  const known = new Map(entries.map(({ detector }) => [detector.name, detector]));
  const detector: Detector<VotingEnsembleOptions> = {
    name: kind,
    kind: 'series',
    minimumRows,
    async fit(data, options, random, run) {
      checkMatrix(data, { minimumRows });
      const complete = withDefaults(defaults, options);
      checkOptions(complete, [...known.keys()]);
      checkAborted(run);
      const { members: names, voting, normalization, contamination } = complete;
      const fitted: FittedDetector[] = [];
      for (const [at, name] of names.entries()) {
        run?.onProgress?.({ stage: 'members', done: at, total: names.length });
        const quiet = run && { ...run, onProgress: () => undefined };
        fitted.push(await known.get(name)!.fit(data, { contamination }, random.fork(`${at} ${name}`), quiet));
        checkAborted(run);
      }
      const scores = fitted.map((member) => member.score(data, run));
      const given = complete.weights.reduce((sum, weight) => sum + weight, 0);
      const weights = given > 0 ? complete.weights.map((weight) => weight / given) : agreementWeights(scores);
      const members = fitted.map((member, at) => ({
        fitted: member,
        scale: scoreScale(scores[at]!),
        weight: weights[at]!,
      }));
      const state = { members, voting, normalization };
      const threshold =
        voting === 'scores'
          ? contaminationThreshold(combine(state, scores), contamination)
          : voteThreshold(state);
      return fittedEnsemble({ ...state, threshold });
    },
  };
  return { detector, fromBytes };
}

function checkOptions(
  { members, voting, normalization, weights, contamination }: VotingEnsembleOptions,
  known: readonly string[],
): void {
  const named = members.length > 0 && members.every((name) => known.includes(name));
  requireOption('members', members.join(), named, `names among ${known.join(', ')}`);
  requireOption(
    'voting',
    voting,
    ['scores', 'majority', 'weighted'].includes(voting),
    'scores, majority or weighted',
  );
  requireOption(
    'normalization',
    normalization,
    ['rank', 'gaussian'].includes(normalization),
    'rank or gaussian',
  );
  const weighed =
    weights.length === 0 ||
    (weights.length === members.length &&
      weights.every((weight) => Number.isFinite(weight) && weight >= 0) &&
      weights.some((weight) => weight > 0));
  requireOption('weights', weights.join(), weighed, 'a number from 0 up per member, not all 0');
  requireContamination(contamination);
}

/**
 * One score per row. Votes are counted in [0, members] or, weighted, in [0, 1]; the mean unified score moves rows
 * with equal votes by less than the smallest vote.
 */
function combine(
  { members, voting, normalization }: Omit<EnsembleState, 'threshold'>,
  scores: readonly Float64Array[],
): Float64Array {
  return Float64Array.from({ length: scores[0]!.length }, (_, row) => {
    let mean = 0;
    let votes = 0;
    members.forEach(({ fitted, scale, weight }, at) => {
      const score = scores[at]![row]!;
      mean += weight * unifyScore(score, scale, normalization);
      if (score > fitted.threshold) votes += voting === 'majority' ? 1 : weight;
    });
    if (voting === 'scores') return mean;
    return votes + Math.min(mean, belowOne) * smallestVote({ members, voting });
  });
}

function smallestVote({ members, voting }: Pick<EnsembleState, 'members' | 'voting'>): number {
  if (voting === 'majority') return 1;
  return Math.min(...members.map(({ weight }) => weight).filter((weight) => weight > 0)) * tieShare;
}
/** Sums of different members may differ by little: a tie moves a row by a small part of the lightest weight. */
const tieShare = 1e-3;

/** Above it lie the rows that more than half of the votes call anomalies. */
function voteThreshold(state: Pick<EnsembleState, 'members' | 'voting'>): number {
  if (state.voting === 'majority') return Math.floor(state.members.length / 2) + belowOne;
  return 0.5 + smallestVote(state);
}

function fittedEnsemble(state: EnsembleState): FittedDetector {
  const { members, threshold } = state;
  const { d } = members[0]!.fitted;
  return {
    name: kind,
    kind: 'series',
    d,
    threshold,
    score: (data, run) =>
      combine(
        state,
        members.map(({ fitted }) => fitted.score(data, run)),
      ),
    explain(data, row) {
      queryRow(data, row, d);
      const contributions = new Float64Array(d);
      for (const { fitted, weight } of members) {
        const own = fitted.explain(data, row);
        const total = own.reduce((sum, value) => sum + value, 0);
        // Units differ from member to member: each has its weight to share out.
        if (total > 0) own.forEach((value, column) => (contributions[column]! += (weight * value) / total));
      }
      return contributions;
    },
    toBytes() {
      const { voting, normalization } = state;
      const arrays: Record<string, ModelArray> = {};
      members.forEach(({ fitted, scale }, at) => {
        arrays[`member ${at}`] = fitted.toBytes();
        arrays[`quantiles ${at}`] = scale.quantiles;
      });
      return encodeModel(kind, formatVersion, {
        parameters: {
          voting,
          normalization,
          threshold,
          members: members.map(({ scale, weight }) => ({ mean: scale.mean, spread: scale.spread, weight })),
        },
        arrays,
      });
    },
  };
}

function fromBytes(bytes: Uint8Array, decode: DetectorDecoder): FittedDetector {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  const described = parameters['members'] as { mean: number; spread: number; weight: number }[];
  if (described.length === 0) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', `not a ${kind} model: it has no members`);
  }
  return fittedEnsemble({
    voting: parameters['voting'] as EnsembleState['voting'],
    normalization: parameters['normalization'] as Normalization,
    threshold: Number(parameters['threshold']),
    members: described.map(({ mean, spread, weight }, at) => ({
      fitted: decode(arrays[`member ${at}`] as Uint8Array),
      scale: { mean, spread, quantiles: arrays[`quantiles ${at}`] as Float64Array },
      weight,
    })),
  });
}
