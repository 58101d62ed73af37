import { z } from 'zod';
import { changeKinds, type ChangeKind } from '../../contracts';
import { looseText, malformed } from '../ingest/decode/shapeDecoder';
import { flatLabels } from '../ingest/labels';
import type { Refusal } from '../ingest/candidate';

/** A change as its sender wrote it, before it is checked. */
export interface ChangeCandidate {
  readonly source: string;
  readonly id: string | undefined;
  readonly kind: ChangeKind;
  readonly service: string | undefined;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly version: string | undefined;
  readonly status: string | undefined;
  readonly at: unknown;
  readonly finishedAt: unknown;
  readonly author: string | undefined;
  readonly url: string | undefined;
  readonly labels: readonly (readonly [string, string])[];
}

export type DecodedChange =
  { readonly candidate: ChangeCandidate } | { readonly refusal: Refusal } | { readonly ignored: string };

/** One change, a list of them, or `{changes: […]}`. */
export function changeRecords(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  const inner =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['changes'] : undefined;
  return Array.isArray(inner) ? inner : [body];
}

export function decodeChange(record: unknown): DecodedChange {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    return { refusal: { code: 'RECORD_MALFORMED', message: 'a change is a JSON object' } };
  }
  if ('deployment' in record && 'repository' in record) return read(githubSchema, record, github);
  if ('routing_key' in record && 'payload' in record) return read(pagerDutySchema, record, pagerDuty);
  // What GitHub sends to see whether anybody listens.
  if ('zen' in record && 'hook_id' in record) return { ignored: 'a ping of GitHub' };
  return read(plainSchema, record, plain);
}

function read<T>(
  schema: z.ZodType<T>,
  record: unknown,
  candidateOf: (record: T) => ChangeCandidate,
): DecodedChange {
  const parsed = schema.safeParse(record);
  return parsed.success ? { candidate: candidateOf(parsed.data) } : { refusal: malformed(parsed.error) };
}

/** GitHub's webhooks `deployment` and `deployment_status` (GitHub, "Webhook events and payloads"). */
const user = z.looseObject({ login: looseText }).nullish();
const githubSchema = z.looseObject({
  deployment: z.looseObject({
    id: z.union([z.number(), z.string()]).transform(String),
    sha: looseText,
    ref: looseText,
    task: looseText,
    environment: looseText,
    description: looseText,
    created_at: z.unknown().optional(),
    creator: user,
  }),
  deployment_status: z
    .looseObject({
      state: looseText,
      description: looseText,
      environment: looseText,
      target_url: looseText,
      log_url: looseText,
      created_at: z.unknown().optional(),
    })
    .nullish(),
  repository: z.looseObject({ name: z.string(), full_name: looseText, html_url: looseText }),
});

/** States after which nothing happens any more. */
const finished = new Set(['success', 'failure', 'error', 'inactive']);

function github({
  deployment,
  deployment_status: status,
  repository,
}: z.output<typeof githubSchema>): ChangeCandidate {
  const environment = status?.environment ?? deployment.environment;
  const version = deployment.ref ?? deployment.sha;
  return {
    source: 'github',
    id: `github:${repository.full_name ?? repository.name}:${deployment.id}`,
    kind: 'deployment',
    service: repository.name,
    title: `${repository.name} ${version ?? ''}${environment ? ` to ${environment}` : ''}`,
    description: (status?.description || deployment.description) ?? undefined,
    version: version ?? undefined,
    status: status?.state ?? 'created',
    at: deployment.created_at,
    finishedAt: finished.has(status?.state ?? '') ? status?.created_at : undefined,
    author: deployment.creator?.login ?? undefined,
    url: status?.log_url || status?.target_url || repository.html_url || undefined,
    labels: flatLabels({
      environment,
      sha: deployment.sha,
      task: deployment.task,
      repository: repository.full_name,
    }),
  };
}

/** PagerDuty's change events (PagerDuty, "Send a Change Event"). */
const pagerDutySchema = z.looseObject({
  payload: z.looseObject({
    summary: z.string(),
    source: looseText,
    timestamp: z.unknown().optional(),
    custom_details: z.unknown().optional(),
  }),
  links: z
    .array(z.looseObject({ href: looseText }))
    .nullish()
    .catch(undefined),
});

function pagerDuty({ payload, links }: z.output<typeof pagerDutySchema>): ChangeCandidate {
  const custom = flatLabels(payload.custom_details);
  const named = (name: string): string | undefined => custom.find(([label]) => label === name)?.[1];
  return {
    source: 'pagerduty',
    id: undefined,
    kind: 'other',
    service: named('service') ?? payload.source ?? undefined,
    title: payload.summary,
    description: undefined,
    version: named('version'),
    status: undefined,
    at: payload.timestamp,
    finishedAt: undefined,
    author: named('author'),
    url: links?.[0]?.href ?? undefined,
    labels: custom,
  };
}

/** Our own form, which templates of Argo CD, GitLab and others are written to: docs/alerts-ingest.md. */
const plainSchema = z.looseObject({
  id: looseText,
  source: looseText,
  kind: z
    .string()
    .transform((word) =>
      word
        .trim()
        .toLowerCase()
        .replaceAll(/[\s_]+/g, '-'),
    )
    .nullish(),
  service: looseText,
  title: looseText,
  description: looseText,
  version: looseText,
  status: looseText,
  at: z.unknown().optional(),
  timestamp: z.unknown().optional(),
  finishedAt: z.unknown().optional(),
  author: looseText,
  url: looseText,
  labels: z.record(z.string(), z.unknown()).nullish(),
});

function plain(change: z.output<typeof plainSchema>): ChangeCandidate {
  const text = (value: string | null | undefined): string | undefined => value?.trim() || undefined;
  const kind = changeKinds.find((known) => known === change.kind);
  const service = text(change.service);
  const version = text(change.version);
  return {
    source: text(change.source) ?? 'plain',
    id: text(change.id),
    kind: kind ?? (change.kind ? 'other' : 'deployment'),
    service,
    title: text(change.title) ?? ([service, version].filter(Boolean).join(' ') || undefined),
    description: text(change.description),
    version,
    status: text(change.status),
    at: change.at ?? change.timestamp,
    finishedAt: change.finishedAt,
    author: text(change.author),
    url: text(change.url),
    labels: flatLabels({ ...change.labels, ...(kind === undefined && change.kind && { kind: change.kind }) }),
  };
}
