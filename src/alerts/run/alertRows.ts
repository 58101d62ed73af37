import type { ConsolidatedAlert, DeduplicatedAlert, Timestamp } from '../../contracts';
import type { ResultRowsInput } from './resultRowsInput';

/** Rows about single alerts. */

export function consolidatedRows({ runId, runAt, result, identities }: ResultRowsInput): ConsolidatedAlert[] {
  const { index, contextOf, enriched, group, role, primary, reason, kinds } = result;
  const { nodes } = index.graph;
  const paths = new Map<number, string | null>();
  const pathOf = (node: number): string | null => {
    if (node < 0) return null;
    let path = paths.get(node);
    if (path === undefined) {
      path =
        contextOf(node)
          .pathToCritical?.map((step) => nodes[step]!.id)
          .join(' > ') ?? null;
      paths.set(node, path);
    }
    return path;
  };
  return enriched.map(({ alert, node, mapping }, at) => {
    const placed = role[at] !== 'suppressed' && kinds !== undefined;
    const context = node < 0 ? undefined : contextOf(node);
    return {
      runId,
      runAt,
      alertId: alert.id,
      source: alert.source,
      name: alert.name,
      service: alert.service,
      resource: alert.resource,
      severity: alert.severity,
      status: alert.status,
      startsAt: alert.startsAt,
      endsAt: alert.endsAt,
      description: alert.description,
      labelsJson: JSON.stringify(alert.labels),
      fingerprint: alert.fingerprint,
      node: node < 0 ? null : nodes[node]!.id,
      mappingMethod: mapping.method,
      mappingConfidence: mapping.confidence,
      mappingScore: mapping.score,
      mappingMatched: mapping.matched,
      dependents: context?.downstreamCount ?? null,
      blastRadius: context?.blastRadius ?? null,
      pathToCritical: pathOf(node),
      groupId: group[at]! < 0 ? null : identities.ids[group[at]!]!,
      role: role[at]!,
      primaryId: enriched[primary[at]!]!.alert.id,
      reason: reason[at]!,
      cluster: placed ? kinds.cluster[at]! : null,
      clusterConfidence: placed ? kinds.confidence[at]! : null,
      outlier: kinds?.outlier[at] ?? 0,
    };
  });
}

export function deduplicatedRows({ runId, runAt, result, identities }: ResultRowsInput): DeduplicatedAlert[] {
  const { enriched, role, primary, group, index } = result;
  const behind = new Map<number, { duplicates: number; symptoms: number; lastAt: Timestamp }>();
  role.forEach((own, at) => {
    if (own === 'suppressed') return;
    const stands = primary[at]!;
    const { startsAt } = enriched[at]!.alert;
    const known = behind.get(stands) ?? { duplicates: 0, symptoms: 0, lastAt: startsAt };
    if (own === 'duplicate') known.duplicates++;
    else if (own === 'symptom') known.symptoms++;
    if (startsAt > known.lastAt) known.lastAt = startsAt;
    behind.set(stands, known);
  });
  return enriched.flatMap(({ alert, node }, at) => {
    if (role[at] !== 'primary') return [];
    const { duplicates, symptoms, lastAt } = behind.get(at)!;
    return [
      {
        runId,
        runAt,
        alertId: alert.id,
        groupId: identities.ids[group[at]!]!,
        name: alert.name,
        service: alert.service,
        resource: alert.resource,
        node: node < 0 ? null : index.graph.nodes[node]!.id,
        severity: alert.severity,
        status: alert.status,
        startsAt: alert.startsAt,
        lastAt,
        duplicates,
        symptoms,
      },
    ];
  });
}
