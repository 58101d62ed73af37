import type { ExplanationSection, Statement } from '../../contracts';
import type { Anomaly } from './anomaly';
import { capitalised, percent, shown, type FeatureEvidence, type GatheredEvidence } from './evidence';
import { resourceOf, type Resource } from './resources';

export type Sections = Readonly<Record<ExplanationSection, readonly Statement[]>>;

/** A metric or another source, with the features that come from it. */
interface Source {
  readonly name: string;
  readonly share: number;
  readonly features: readonly FeatureEvidence[];
  readonly resource: Resource | undefined;
}

const namedSources = 3;
/** Below this a source is noise among the contributions. */
const leastShare = 0.08;
/** Similar incidents from here on are a problem that keeps coming back. */
const recurring = 2;

/** An explanation made from the evidence by rules: the same evidence gives the same sentences. */
export function writeByRules(anomaly: Anomaly, gathered: GatheredEvidence): Sections {
  const sources = sourcesOf(gathered.features);
  return {
    rootCause: rootCause(anomaly, gathered, sources),
    impact: impact(anomaly, gathered, sources),
    recommendedActions: recommendedActions(gathered, sources),
    prevention: prevention(gathered, sources),
  };
}

function sourcesOf(features: readonly FeatureEvidence[]): Source[] {
  const groups = new Map<string, FeatureEvidence[]>();
  for (const feature of features) {
    const name = feature.metrics[0] ?? feature.words;
    groups.set(name, [...(groups.get(name) ?? []), feature]);
  }
  const sources = [...groups].map(([name, members]): Source => ({
    name,
    features: members,
    share: members.reduce((sum, { share }) => sum + share, 0),
    resource: resourceOf(name),
  }));
  sources.sort((a, b) => b.share - a.share);
  return sources.filter(({ share }, index) => index === 0 || share >= leastShare).slice(0, namedSources);
}

const idsOf = (features: readonly FeatureEvidence[]): string[] => features.map(({ evidence }) => evidence.id);

function rootCause(
  { instance }: Anomaly,
  gathered: GatheredEvidence,
  sources: readonly Source[],
): Statement[] {
  const statements: Statement[] = [];
  const [first, ...others] = sources;
  if (first) {
    const [strongest] = first.features;
    const { value } = strongest!.contribution;
    const level = value === null ? 'is missing' : `is ${shown(value)}`;
    statements.push({
      text: `The anomaly of ${instance} shows most in ${first.name}: ${strongest!.words} ${level}, and ${first.name} carries ${percent(first.share)} of what speaks for an anomaly.`,
      evidence: ['score', ...idsOf(first.features)],
    });
  } else {
    statements.push({
      text: `The score of ${instance} is above its threshold, but no single feature stands out.`,
      evidence: ['score'],
    });
  }
  if (others.length > 0) {
    statements.push({
      text: `${capitalised(listed(others.map(({ name, share }) => `${name} (${percent(share)})`)))} moved with it.`,
      evidence: others.flatMap(({ features }) => idsOf(features)),
    });
  }
  for (const { evidence, minutesBefore } of gathered.templates) {
    const when = minutesBefore === 0 ? 'In the same minute' : `${minutesBefore} minutes earlier`;
    statements.push({
      text: `${when} the instance began to write a message that was never seen before: ${JSON.stringify(evidence.data['template'])}.`,
      evidence: [evidence.id],
    });
  }
  const [nearest] = gathered.incidents;
  if (nearest) {
    statements.push({
      text: `It resembles ${nearest.incident.number} (${JSON.stringify(nearest.evidence.data['title'])}, cosine ${nearest.similarity.toFixed(2)}).`,
      evidence: [nearest.evidence.id],
    });
  }
  return statements;
}

function impact(
  { confidence }: Anomaly,
  gathered: GatheredEvidence,
  sources: readonly Source[],
): Statement[] {
  const statements = byResource(sources, ({ impact: text }) => text);
  const centers = [...new Set(gathered.incidents.map(({ incident }) => incident.techCenter))];
  if (centers.length > 0) {
    statements.push({
      text: `Incidents like it reached ${listed(centers)}.`,
      evidence: gathered.incidents.map(({ evidence }) => evidence.id),
    });
  }
  if (statements.length === 0) {
    statements.push({
      text: `What it does to users cannot be told from the names of the metrics; the model is ${percent(confidence)} sure that it is no ordinary state.`,
      evidence: ['score'],
    });
  }
  return statements;
}

function recommendedActions(gathered: GatheredEvidence, sources: readonly Source[]): Statement[] {
  const statements: Statement[] = [];
  for (const { incident, evidence } of gathered.incidents) {
    const notes = evidence.data['closeNotes'];
    if (typeof notes === 'string' && notes.trim() !== '') {
      statements.push({
        text: `Try what closed ${incident.number}: ${JSON.stringify(notes)}.`,
        evidence: [evidence.id],
      });
    }
  }
  statements.push(...byResource(sources, ({ action }) => action));
  const [template] = gathered.templates;
  if (template) {
    statements.push({
      text: 'Look up the new log message in the code and in the changes of the last days: it began with the anomaly.',
      evidence: [template.evidence.id],
    });
  }
  if (statements.length === 0) {
    const [source] = sources;
    statements.push({
      text: source
        ? `Compare ${source.name} with the instances beside it and with the same hour of last week.`
        : 'Compare the instance with those beside it and with the same hour of last week.',
      evidence: source ? idsOf(source.features) : ['score'],
    });
  }
  return statements;
}

function prevention(gathered: GatheredEvidence, sources: readonly Source[]): Statement[] {
  const statements: Statement[] = [];
  if (gathered.incidents.length >= recurring) {
    statements.push({
      text: `${gathered.incidents.length} earlier incidents read alike: open a problem record and remove the cause they share.`,
      evidence: gathered.incidents.map(({ evidence }) => evidence.id),
    });
  }
  statements.push(...byResource(sources, ({ prevention: text }) => text));
  if (statements.length === 0) {
    statements.push({
      text: 'Review this anomaly in the console, so that the model knows it the next time.',
      evidence: ['score'],
    });
  }
  return statements;
}

/** One sentence for each resource that the sources touch, on the evidence of all of them. */
function byResource(sources: readonly Source[], textOf: (resource: Resource) => string): Statement[] {
  const touched = new Map<Resource, string[]>();
  for (const { resource, features } of sources) {
    if (resource) touched.set(resource, [...(touched.get(resource) ?? []), ...idsOf(features)]);
  }
  return [...touched].map(([resource, evidence]) => ({ text: textOf(resource), evidence }));
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`;
}
