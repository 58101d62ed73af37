import { timestampMs, type StoredAlertGroup } from '../../contracts';
import { kindLabel } from './alertKinds';
import { changesNear } from './changesNear';
import { countsByName, mostFirst } from './counting';
import type { AlertGroupingResult } from './groupAlerts';
import type { AlertGroupDocument } from './groupDocument';
import { GroupFacts, topNames } from './groupFacts';
import type { GroupIdentities } from './groupIdentity';
import { subgraphs } from './groupSubgraph';
import type { ResultRowsInput } from './resultRowsInput';

/** Rows about groups. */

export function groupRows({
  runId,
  runAt,
  result,
  identities,
  changes,
}: ResultRowsInput): StoredAlertGroup[] {
  const { enriched, index, role, ranked, contextOf, kinds } = result;
  const members = membersOf(result);
  const draw = subgraphs(index);
  const near = changesNear(changes, index);
  const labels = new Map(kinds?.profiles.map((profile) => [profile.cluster, kindLabel(profile)]));
  return ranked.map((one) => {
    const own = members[one.group]!;
    const facts = new GroupFacts(runAt);
    for (const at of own) facts.add(enriched[at]!.alert, enriched[at]!.node, role[at]!);
    const root = one.causes[0];
    const alerting = facts.alertingNodes();
    const nodes = new Set(alerting.map(({ node }) => node));
    const suspects = new Set(nodes);
    if (root) for (const node of [root.node, ...contextOf(root.node).upstream]) suspects.add(node);
    const evidence = result.evidence[one.group]!;
    const { nodes: services } = index.graph;
    const placeOf = (at: number): string | null => {
      const { alert, node } = enriched[at]!;
      return node < 0 ? alert.service : services[node]!.id;
    };
    const document: AlertGroupDocument = {
      importanceParts: one.importanceParts,
      topServices: facts.topServices(services),
      topAlertNames: mostFirst(facts.names, topNames).map(([name, alerts]) => ({ name, alerts })),
      kinds:
        kinds === undefined
          ? []
          : mostFirst(
              countsByName(own, (at) => String(kinds.cluster[at]!)),
              topNames,
            )
              .filter(([cluster]) => cluster !== '-1')
              .map(([cluster, alerts]) => ({
                cluster: Number(cluster),
                label: labels.get(Number(cluster)) ?? '',
                alerts,
              })),
      causes: one.causes.map(({ node, id, score, reasons }) => ({
        id,
        name: services[node]!.name,
        score,
        reasons: [...reasons],
      })),
      evidence: evidence.links.map((link) => ({
        alertId: enriched[link.alert]!.alert.id,
        alertName: enriched[link.alert]!.alert.name,
        service: placeOf(link.alert),
        otherAlertId: enriched[link.other]!.alert.id,
        otherAlertName: enriched[link.other]!.alert.name,
        otherService: placeOf(link.other),
        distance: link.distance,
        minutes: link.minutes,
        score: link.score,
        why: link.why,
      })),
      evidenceSummary: evidence.summary,
      changes: near(facts.startMs, suspects),
      subgraph: draw({ alerting, causes: one.causes }),
    };
    const serviceIds = [...new Set([...nodes, ...(root ? [root.node] : [])])].map(
      (node) => services[node]!.id,
    );
    return {
      runId,
      runAt,
      groupId: identities.ids[one.group]!,
      rank: one.rank,
      name: one.name,
      namedBy: one.namedBy,
      importance: one.importance,
      severity: facts.severity,
      state: facts.open > 0 ? 'open' : 'resolved',
      startedAt: enriched[own[0]!]!.alert.startsAt,
      lastAt: enriched[own.at(-1)!]!.alert.startsAt,
      endedAt: facts.open > 0 ? null : facts.endedAt(),
      alerts: own.length,
      primaries: facts.roles['primary'] ?? 0,
      duplicates: facts.roles['duplicate'] ?? 0,
      symptoms: facts.roles['symptom'] ?? 0,
      services: nodes.size,
      rootCause: root?.id ?? null,
      rootScore: root?.score ?? null,
      serviceIds: `\n${serviceIds.join('\n')}\n`,
      documentJson: JSON.stringify(document),
      supersededBy: null,
    };
  });
}

/** Positions of the alerts of each group, in the order of their starts. */
function membersOf({ enriched, group, groups }: AlertGroupingResult): Int32Array[] {
  const sizes = new Int32Array(groups);
  for (const own of group) if (own >= 0) sizes[own]!++;
  const members = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(groups);
  group.forEach((own, at) => {
    if (own >= 0) members[own]![filled[own]!++] = at;
  });
  const startMs = Float64Array.from(enriched, ({ alert }) => timestampMs(alert.startsAt));
  for (const one of members) one.sort((a, b) => startMs[a]! - startMs[b]! || a - b);
  return members;
}

/** Earlier groups that other groups took over in this run: they have no members any more. */
export function supersededRows(
  { superseded }: GroupIdentities,
  { runId, runAt }: Pick<ResultRowsInput, 'runId' | 'runAt'>,
  ranked: number,
): StoredAlertGroup[] {
  return [...superseded]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([groupId, by], place) => ({
      runId,
      runAt,
      groupId,
      rank: ranked + place + 1,
      name: '',
      namedBy: 'rules',
      importance: 0,
      severity: 'unknown' as const,
      state: 'resolved',
      startedAt: runAt,
      lastAt: runAt,
      endedAt: runAt,
      alerts: 0,
      primaries: 0,
      duplicates: 0,
      symptoms: 0,
      services: 0,
      rootCause: null,
      rootScore: null,
      serviceIds: '\n',
      documentJson: JSON.stringify(emptyDocument),
      supersededBy: by,
    }));
}

const emptyDocument: AlertGroupDocument = {
  importanceParts: {},
  topServices: [],
  topAlertNames: [],
  kinds: [],
  causes: [],
  evidence: [],
  evidenceSummary: '',
  changes: [],
  subgraph: { nodes: [], edges: [], leftOut: 0 },
};
