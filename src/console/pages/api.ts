import type {
  ClusterDetail,
  ClusterList,
  ClusterMap,
  IncidentDetail,
  IncidentSearch,
  PipelineRuns,
  PipelineStatus,
  Quarantine,
} from '../../contracts';

/** A coded answer of the API that is not the one asked for. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const keyName = 'quarterdeck.functionKey';

/** Where keys are required, the person enters one; it lives as long as the browser's tab. */
export function rememberKey(key: string): void {
  sessionStorage.setItem(keyName, key);
}

async function ask<Answer>(path: string, signal: AbortSignal, body?: unknown): Promise<Answer> {
  const key = sessionStorage.getItem(keyName);
  const headers = {
    ...(key && { 'x-functions-key': key }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(path, { signal, headers, ...sent });
  if (answer.ok) return (await answer.json()) as Answer;
  const text = await answer.text();
  let code = `HTTP_${answer.status}`;
  let message = answer.statusText || 'the request failed';
  if (answer.headers.get('content-type')?.startsWith('application/json')) {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    ({ code, message } = error);
  }
  throw new ApiError(answer.status, code, message);
}

export const get = <Answer>(path: string, signal: AbortSignal): Promise<Answer> => ask<Answer>(path, signal);

/** Posts JSON. */
export const post = <Answer>(path: string, body: unknown, signal: AbortSignal): Promise<Answer> =>
  ask<Answer>(path, signal, body);

export const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();

export const api = {
  status: (signal: AbortSignal) => get<PipelineStatus>('/api/status', signal),
  clusters: (techCenter: string, signal: AbortSignal) =>
    get<ClusterList>(`/api/clusters?${query({ techCenter })}`, signal),
  map: (techCenter: string, signal: AbortSignal) =>
    get<ClusterMap>(`/api/clusters/map?${query({ techCenter })}`, signal),
  cluster: (id: string, techCenter: string, signal: AbortSignal) =>
    get<ClusterDetail>(`/api/clusters/${encodeURIComponent(id)}?${query({ techCenter })}`, signal),
  search: (search: string, signal: AbortSignal) =>
    get<IncidentSearch>(`/api/incidents?${query({ search })}`, signal),
  incident: (number: string, signal: AbortSignal) =>
    get<IncidentDetail>(`/api/incidents/${encodeURIComponent(number)}`, signal),
  quarantine: (signal: AbortSignal) => get<Quarantine>('/api/quarantine', signal),
  runs: (signal: AbortSignal) => get<PipelineRuns>('/api/runs?limit=100', signal),
};
