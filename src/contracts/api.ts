import type { z } from 'zod';
import { alertGroupOperations } from './alertGroupHttp';
import { alertOperations } from './alertHttp';
import { consoleOperations } from './consoleHttp';
import { anomalyOperations } from './anomalyHttp';
import { explainOperations } from './explainHttp';
import * as http from './http';
import { reviewOperations } from './reviewHttp';
import { ingestOperations } from './ingestHttp';

/** Every HTTP operation of `/api/…`, as data: the functions and the OpenAPI document are both made from it. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Route below the host's root, in the template syntax of Azure Functions. */
  readonly route: string;
  readonly summary: string;
  /** Who may call without a key. */
  readonly access: 'anonymous' | 'function';
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Of a body of many numbers, which is larger than others and parsed without a look at every key. */
  readonly largestBodyBytes?: number;
  /** Media types of a body that is written in somebody else's format and has no schema here. */
  readonly consumes?: readonly string[];
  readonly answer: z.ZodType;
}

export const operations = {
  health: {
    id: 'health',
    method: 'GET',
    route: 'api/health',
    summary: 'The process lives. Nothing outside it is asked.',
    access: 'anonymous',
    answer: http.healthSchema,
  },
  status: {
    id: 'status',
    method: 'GET',
    route: 'api/status',
    summary: 'Pipelines, tech centres, model versions, last runs, queues, and when training is due.',
    access: 'function',
    answer: http.statusSchema,
  },
  clusters: {
    id: 'clusters',
    method: 'GET',
    route: 'api/clusters',
    summary: 'The clusters of a tech centre in the current version, or in the one that is named.',
    access: 'function',
    query: http.clusterListQuerySchema,
    answer: http.clusterListSchema,
  },
  clusterMap: {
    id: 'clusterMap',
    method: 'GET',
    route: 'api/clusters/map',
    summary: 'Tickets and clusters of a tech centre laid out in two dimensions.',
    access: 'function',
    query: http.clusterMapQuerySchema,
    answer: http.clusterMapSchema,
  },
  clusterDetail: {
    id: 'clusterDetail',
    method: 'GET',
    route: 'api/clusters/{id}',
    summary: 'One cluster: topic, keywords, domain, size over time, representative tickets, lineage.',
    access: 'function',
    params: http.clusterParamsSchema,
    query: http.clusterDetailQuerySchema,
    answer: http.clusterDetailSchema,
  },
  incidentSearch: {
    id: 'incidentSearch',
    method: 'GET',
    route: 'api/incidents',
    summary: 'Tickets whose number or title contains every word.',
    access: 'function',
    query: http.incidentSearchQuerySchema,
    answer: http.incidentSearchSchema,
  },
  incidentDetail: {
    id: 'incidentDetail',
    method: 'GET',
    route: 'api/incidents/{number}',
    summary: 'One ticket with everything predicted for it.',
    access: 'function',
    params: http.incidentParamsSchema,
    answer: http.incidentDetailSchema,
  },
  classify: {
    id: 'classify',
    method: 'POST',
    route: 'api/incidents/classify',
    summary: 'Clusters for up to 1,000 texts, without storing anything.',
    access: 'function',
    body: http.classifyRequestSchema,
    answer: http.classifySchema,
  },
  runs: {
    id: 'runs',
    method: 'GET',
    route: 'api/runs',
    summary: 'Pipeline runs, newest first.',
    access: 'function',
    query: http.runsQuerySchema,
    answer: http.runsSchema,
  },
  quarantine: {
    id: 'quarantine',
    method: 'GET',
    route: 'api/quarantine',
    summary: 'Rows that were set aside, with the reason; newest first.',
    access: 'function',
    query: http.quarantineQuerySchema,
    answer: http.quarantineSchema,
  },
  ...ingestOperations,
  ...alertOperations,
  ...alertGroupOperations,
  ...explainOperations,
  ...reviewOperations,
  ...consoleOperations,
  ...anomalyOperations,
} as const satisfies Record<string, Operation>;
