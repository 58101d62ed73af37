import {
  shiftTimestamp,
  timestampMs,
  type Contribution,
  type Evidence,
  type LogEvent,
  type LogTemplate,
  type Timestamp,
} from '../../contracts';
import { similarIncidents, type SimilarIncident } from '../../incidents';
import type { Platform } from '../../platform/platform';
import { redactSecrets } from '../../platform/redaction';
import type { Anomaly } from './anomaly';
import { readFeature } from './observed';

/** Everything that an explanation may rest on, each piece with an id that sentences name. */
export interface GatheredEvidence {
  readonly score: Evidence;
  readonly features: readonly FeatureEvidence[];
  readonly incidents: readonly IncidentEvidence[];
  readonly templates: readonly TemplateEvidence[];
}

export interface FeatureEvidence {
  readonly evidence: Evidence;
  readonly contribution: Contribution;
  readonly metrics: readonly string[];
  readonly words: string;
  /** Share of everything that speaks for an anomaly, in [0, 1]. */
  readonly share: number;
}

export interface IncidentEvidence extends SimilarIncident {
  readonly evidence: Evidence;
}

export interface TemplateEvidence {
  readonly evidence: Evidence;
  readonly template: LogTemplate;
  readonly minutesBefore: number;
}

const shownFeatures = 8;
const shownIncidents = 5;
const leastSimilarity = 0.7;
const shownTemplates = 5;
/** How far before the anomaly a new message may have begun. */
const templateWindowMs = 6 * 3_600_000;
/** The minute that is scored is still going on. */
const afterwardsMs = 60_000;
const eventsPerPage = 5_000;
const longestQuote = 200;

/** @throws WAREHOUSE_*, EMBEDDING_*, ABORTED */
export async function gatherEvidence(
  platform: Platform,
  anomaly: Anomaly,
  signal: AbortSignal,
): Promise<GatheredEvidence> {
  const features = featureEvidence(anomaly);
  const templates = await templateEvidence(platform, anomaly, signal);
  const incidents = await similarIncidents(
    platform,
    {
      texts: describe(anomaly, features, templates),
      before: anomaly.at,
      limit: shownIncidents,
      minimumSimilarity: leastSimilarity,
    },
    signal,
  );
  return { score: scoreEvidence(anomaly), features, templates, incidents: incidents.map(incidentEvidence) };
}

/** The anomaly in the words of tickets, to find tickets like it: by its metrics, and by each new message. */
function describe(
  { instance }: Anomaly,
  features: readonly FeatureEvidence[],
  templates: readonly TemplateEvidence[],
): string[] {
  const metrics = [...new Set(features.flatMap((feature) => feature.metrics))];
  return [
    ...(metrics.length > 0
      ? [`${metrics.map((metric) => metric.replaceAll('_', ' ')).join(', ')} on ${instance}`]
      : []),
    ...templates.map(({ template }) => template.template.replaceAll('<*>', ' ')),
  ];
}

function scoreEvidence(anomaly: Anomaly): Evidence {
  const { instance, at, score, confidence, threshold, model, modelVersion } = anomaly;
  return {
    id: 'score',
    kind: 'score',
    summary: `${model} gives ${instance} at ${at} an anomaly probability of ${shown(score)}; the threshold is ${shown(threshold)}.`,
    data: { instance, at, score, confidence, threshold, model, modelVersion },
  };
}

function featureEvidence({ contributions }: Anomaly): FeatureEvidence[] {
  const speaking = contributions.filter(({ contribution }) => contribution > 0);
  const sum = speaking.reduce((total, { contribution }) => total + contribution, 0);
  return speaking.slice(0, shownFeatures).map((contribution): FeatureEvidence => {
    const { feature, value } = contribution;
    const { metrics, words } = readFeature(feature);
    const share = contribution.contribution / sum;
    return {
      contribution,
      metrics,
      words,
      share,
      evidence: {
        id: `feature:${feature}`,
        kind: 'feature',
        summary: `${capitalised(words)} is ${value === null ? 'missing' : shown(value)}: ${percent(share)} of what speaks for an anomaly.`,
        data: { feature, value, contribution: contribution.contribution, share },
      },
    };
  });
}

/** Templates that the instance wrote for the first time shortly before, and that nobody had written earlier. */
async function templateEvidence(
  platform: Pick<Platform, 'warehouse'>,
  { instance, at }: Anomaly,
  signal: AbortSignal,
): Promise<TemplateEvidence[]> {
  const from = shiftTimestamp(at, -templateWindowMs);
  const to = shiftTimestamp(at, afterwardsMs);
  const recent = (await platform.warehouse.logTemplates(signal)).filter(
    ({ firstSeenAt }) => firstSeenAt >= from && firstSeenAt < to,
  );
  if (recent.length === 0) return [];
  const wanted = new Set(recent.map(({ templateId }) => templateId));
  const byTemplate = await recordsOf(platform, { instance, from, to }, wanted, signal);
  return recent
    .flatMap((template): TemplateEvidence[] => {
      const seen = byTemplate.get(template.templateId);
      if (!seen) return [];
      const minutesBefore = Math.max(0, Math.round((timestampMs(at) - timestampMs(seen.first.at)) / 60_000));
      const text = redactSecrets(template.template).slice(0, longestQuote);
      return [
        {
          template,
          minutesBefore,
          evidence: {
            id: `template:${template.templateId}`,
            kind: 'template',
            summary: `A log message never seen before, ${seen.records} times since ${minutesBefore} minutes earlier: ${JSON.stringify(text)}`,
            data: {
              templateId: template.templateId,
              template: text,
              firstSeenAt: template.firstSeenAt,
              records: seen.records,
              level: seen.first.level,
            },
          },
        },
      ];
    })
    .toSorted((a, b) => (b.evidence.data['records'] as number) - (a.evidence.data['records'] as number))
    .slice(0, shownTemplates);
}

interface Records {
  readonly first: LogEvent;
  records: number;
}

/** Counts the instance's records of the templates, page by page: a new message comes last, however much came before. */
async function recordsOf(
  { warehouse }: Pick<Platform, 'warehouse'>,
  window: { readonly instance: string; readonly from: Timestamp; readonly to: Timestamp },
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Map<string, Records>> {
  const byTemplate = new Map<string, Records>();
  let after: { readonly at: Timestamp; readonly recordId: string } | undefined;
  for (;;) {
    const page = await warehouse.logEventsBetween(
      { ...window, limit: eventsPerPage, ...(after && { after }) },
      signal,
    );
    for (const event of page) {
      if (!wanted.has(event.templateId)) continue;
      const known = byTemplate.get(event.templateId);
      if (known) known.records++;
      else byTemplate.set(event.templateId, { first: event, records: 1 });
    }
    if (page.length < eventsPerPage) return byTemplate;
    const last = page.at(-1)!;
    after = { at: last.at, recordId: last.recordId };
  }
}

function incidentEvidence(similar: SimilarIncident): IncidentEvidence {
  const { incident, similarity } = similar;
  const title = redactSecrets(incident.shortDescription).slice(0, longestQuote);
  const notes =
    incident.closeNotes === null ? null : redactSecrets(incident.closeNotes).slice(0, longestQuote);
  return {
    ...similar,
    evidence: {
      id: `incident:${incident.number}`,
      kind: 'incident',
      summary: `${incident.number} of ${incident.sysCreatedOn.slice(0, 10)} (${incident.techCenter}), cosine ${similarity.toFixed(2)}: ${JSON.stringify(title)}`,
      data: {
        number: incident.number,
        title,
        similarity,
        createdOn: incident.sysCreatedOn,
        techCenter: incident.techCenter,
        closeNotes: notes,
      },
    },
  };
}

/** Four significant digits: more would pretend. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function allEvidence(gathered: GatheredEvidence): Evidence[] {
  const parts = [...gathered.features, ...gathered.templates, ...gathered.incidents];
  return [gathered.score, ...parts.map(({ evidence }) => evidence)];
}
