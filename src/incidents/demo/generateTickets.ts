import {
  quarterBounds,
  seededRandom,
  timestampMs,
  toTimestamp,
  type Incident,
  type Quarter,
  type Random,
  type Timestamp,
} from '../../contracts';
import { demoCenters } from './demoCenters';
import { fillSlots, pick } from './slots';
import { shareAt, type DemoCenter, type Theme } from './theme';
import { circumstance, dress, mistype, paraphrase } from './writing';

/**
 * Tickets as a company of fifteen tech centres could have written them, for the demo and for tests: themes that come
 * back in other words, and that appear, grow, split and die over the quarters. The same seed gives the same tickets.
 */
export interface DemoOptions {
  readonly seed: number;
  /** The last quarter with tickets. */
  readonly endingQuarter: Quarter;
  /** How many quarters of history, the last one included. */
  readonly quarters?: number;
  /** How many tech centres, of fifteen. */
  readonly centers?: number;
  /** Tickets per tech centre and quarter, about. */
  readonly perQuarter?: number;
  /** Nothing is dated at or after this. */
  readonly until?: Timestamp;
}

export interface DemoTickets {
  /** In the order of their numbers, which is nearly that of their times. */
  readonly incidents: readonly Incident[];
  /** The theme that each ticket was written from, `CENTER/theme`; undefined where there is none. Never stored. */
  readonly themes: readonly (string | undefined)[];
}

export const demoDefaults = { quarters: 3, centers: 15, perQuarter: 400 } as const;

/** Share of tickets that belong to no theme. */
const noiseShare = 0.06;
/** Share of tickets whose text holds nothing; under the share of poisoned rows that a run allows. */
const emptyShare = 0.002;
/** Share of tickets that reach the source an hour or more after their time. */
const lateShare = 0.01;
const hourMs = 3_600_000;
const firstNumber = 10_001;

interface Draft {
  readonly arrivedMs: number;
  readonly createdMs: number;
  readonly center: DemoCenter;
  readonly theme: Theme | undefined;
  readonly title: string;
  readonly description: string;
  readonly random: Random;
}

export function generateTickets(options: DemoOptions): DemoTickets {
  const { quarters = demoDefaults.quarters, centers = demoDefaults.centers } = options;
  const root = seededRandom(options.seed);
  const periods = quartersUntil(options.endingQuarter, quarters);
  const drafts = demoCenters.slice(0, centers).flatMap((center) =>
    periods.flatMap((period, index) => {
      const random = root.fork(center.name).fork(`${period.year}${period.quarter}`);
      const position = quarters === 1 ? 1 : index / (quarters - 1);
      return draftQuarter(center, period, position, options, random);
    }),
  );
  const until = options.until === undefined ? Infinity : timestampMs(options.until);
  const ordered = drafts
    .filter(({ arrivedMs }) => arrivedMs < until)
    .sort((a, b) => a.arrivedMs - b.arrivedMs);
  return {
    incidents: ordered.map(finish),
    themes: ordered.map(({ center, theme }) => theme && `${center.name}/${theme.name}`),
  };
}

function draftQuarter(
  center: DemoCenter,
  period: Quarter,
  position: number,
  { perQuarter = demoDefaults.perQuarter }: DemoOptions,
  random: Random,
): Draft[] {
  const { from, to } = quarterBounds(period);
  const count = Math.round(perQuarter * (0.9 + 0.2 * random.next()));
  const weights = center.themes.map((theme) => themeWeight(center, theme) * shareAt(theme.course, position));
  return Array.from({ length: count }, () => {
    const createdMs = workingTime(timestampMs(from), timestampMs(to), random);
    const late = random.next() < lateShare;
    const arrivedMs = createdMs + (late ? hourMs * (1 + random.next()) : 0);
    const common = { arrivedMs, createdMs, center, random: random.fork(createdMs) };
    const kind = random.next();
    if (kind < emptyShare) return { ...common, theme: undefined, title: '???', description: '' };
    if (kind < emptyShare + noiseShare) return { ...common, theme: undefined, ...stray(random) };
    const theme = weighted(center.themes, weights, random);
    return { ...common, theme, ...written(center, theme, position, random) };
  });
}

function written(
  center: DemoCenter,
  theme: Theme,
  position: number,
  random: Random,
): { title: string; description: string } {
  const own = [...theme.sentences];
  const first = own.splice(random.integer(own.length), 1);
  const second = random.next() < 0.7 ? own.splice(random.integer(own.length), 1) : [];
  const branch = center.themes[center.themes.indexOf(theme) + 1];
  // Before it splits, a theme speaks of both.
  if (theme.course === 'splitting' && position < 1 && branch && random.next() < 0.4) {
    second.push(pick(random, branch.sentences));
  }
  const sentences = [...first, ...second, ...(random.next() < 0.4 ? [circumstance(random)] : [])];
  let title = paraphrase(fillSlots(pick(random, theme.titles), random), random);
  let body = sentences.map((sentence) => paraphrase(fillSlots(sentence, random), random)).join(' ');
  if (random.next() < 0.08) title = mistype(title, random);
  if (random.next() < 0.2) body = mistype(body, random);
  return { title, description: dress(body, random) };
}

const strayThings =
  'coffee machine,parking gate,whiteboard pen,office plant,window blind,lift,door handle,invoice copy,visitor badge,desk lamp,cable duct,phone book,kitchen tap,air conditioning,locker key,bicycle stand,fire drill,company car,moving boxes,name plate'.split(
    ',',
  );
const strayMatters =
  'makes a strange noise,was promised last month,should be ordered twice,belongs to somebody else,is on the wrong list,needs a signature,smells odd,was moved without notice,has the wrong colour,is wanted for an event,cannot be found by anybody,will be inspected soon'.split(
    ',',
  );

/** A ticket of no theme, as every desk gets some. */
function stray(random: Random): { title: string; description: string } {
  const [thing, other] = [pick(random, strayThings), pick(random, strayThings)];
  const matter = pick(random, strayMatters);
  return {
    title: `Question about the ${thing}`,
    description: dress(`The ${thing} ${matter}, and the ${other} ${pick(random, strayMatters)}.`, random),
  };
}

/** Some themes are common and some are rare, the same in every quarter. */
function themeWeight(center: DemoCenter, theme: Theme): number {
  return 0.7 + 0.8 * seededRandom(0).fork(`${center.name}/${theme.name}`).next();
}

function weighted(themes: readonly Theme[], weights: readonly number[], random: Random): Theme {
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  return themes.find((_, index) => (left -= weights[index]!) < 0) ?? themes.at(-1)!;
}

/** A moment in [from, to), three times as likely in office hours of a weekday as outside. */
function workingTime(from: number, to: number, random: Random): number {
  const draw = (): number => Math.floor((from + random.next() * (to - from)) / 1_000) * 1_000;
  let moment = draw();
  for (let tries = 0; tries < 2; tries++) {
    const date = new Date(moment);
    const working = date.getUTCDay() % 6 !== 0 && date.getUTCHours() >= 7 && date.getUTCHours() < 18;
    if (working) break;
    moment = draw();
  }
  return moment;
}

function finish(draft: Draft, index: number): Incident {
  const { random, createdMs, center } = draft;
  const resolved = random.next() < 0.9;
  return {
    number: `INC${String(firstNumber + index).padStart(7, '0')}`,
    shortDescription: draft.title,
    description: draft.description,
    sysCreatedOn: toTimestamp(createdMs),
    techCenter: center.name,
    priority: pick(random, ['2', '3', '3', '3', '4']),
    assignmentGroup: `${center.name} ${pick(random, ['L1', 'L2'])}`,
    state: resolved ? 'Closed' : 'In Progress',
    resolvedAt: resolved ? toTimestamp(createdMs + Math.round(hourMs * (1 + 40 * random.next()))) : null,
    closeNotes: resolved ? 'Solved with the caller.' : null,
  };
}

function quartersUntil(last: Quarter, count: number): Quarter[] {
  const result = [last];
  while (result.length < count) {
    const { year, quarter } = result[0]!;
    const previous: Quarter =
      quarter === 'q1'
        ? { year: year - 1, quarter: 'q4' }
        : { year, quarter: (['q1', 'q2', 'q3'] as const)[Number(quarter[1]) - 2]! };
    result.unshift(previous);
  }
  return result;
}
