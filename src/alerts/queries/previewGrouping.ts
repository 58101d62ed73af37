import {
  shiftTimestamp,
  toTimestamp,
  type GroupPreview,
  type GroupPreviewBody,
  type Timestamp,
} from '../../contracts';
import type { RunControl } from '../../learn/run';
import type { Platform } from '../../platform/platform';
import { currentServiceGraph } from '../graph/storedGraph';
import {
  groupAlerts,
  type AlertGroupingResult,
  type GroupAlertsInput,
  type GroupingSettings,
} from '../run/groupAlerts';
import { readAlerts } from '../run/readAlerts';
import { groupingContext, groupingInput } from '../run/groupingContext';

const dayMs = 86_400_000;
/** More than a run of the timer ever sees; older ones are left out. */
const mostAlerts = 200_000;
const differingShown = 50;

/** What changed settings would have made of the alerts of the last days. Nothing is stored. */
export async function previewGrouping(
  platform: Pick<Platform, 'warehouse' | 'blobs' | 'settings' | 'clock'>,
  { days, settings }: GroupPreviewBody,
  control: RunControl & { readonly signal: AbortSignal },
): Promise<GroupPreview> {
  const { signal } = control;
  const to = toTimestamp(platform.clock.now());
  const from = shiftTimestamp(to, -days * dayMs);
  const alerts = await readAlerts(platform, { from, to, most: mostAlerts }, signal);
  const stored = await currentServiceGraph(platform, signal);
  const graph = stored?.graph ?? { version: 'none', nodes: [], edges: [] };
  const known = await groupingContext(platform, { scope: 'all', from, at: to }, signal);
  const context = groupingInput(platform, known, to, signal);
  return comparePreviews({ ...context, alerts, graph, now: to }, platform.settings, settings, from, control);
}

/** Groups the same alerts with the settings as they are and as they would be. */
export async function comparePreviews(
  input: Omit<GroupAlertsInput, 'settings' | 'describe'>,
  current: GroupingSettings,
  changed: GroupPreviewBody['settings'],
  from: Timestamp,
  control: RunControl,
): Promise<GroupPreview> {
  const asTheyAre: GroupingSettings = {
    TIME_WINDOW_MINUTES: current.TIME_WINDOW_MINUTES,
    MIN_MATCH_SCORE: current.MIN_MATCH_SCORE,
  };
  const proposed: GroupingSettings = {
    TIME_WINDOW_MINUTES: changed.TIME_WINDOW_MINUTES ?? asTheyAre.TIME_WINDOW_MINUTES,
    MIN_MATCH_SCORE: changed.MIN_MATCH_SCORE ?? asTheyAre.MIN_MATCH_SCORE,
  };
  const before = await groupAlerts({ ...input, settings: asTheyAre }, control);
  const after = await groupAlerts({ ...input, settings: proposed }, control);
  return {
    from,
    to: input.now,
    before: sideOf(before, asTheyAre),
    after: sideOf(after, proposed),
    ...differences(before, after),
  };
}

function sideOf(result: AlertGroupingResult, settings: GroupingSettings): GroupPreview['before'] {
  const sizes = sizesOf(result);
  const alerts = result.enriched.length;
  return {
    settings: { ...settings },
    alerts,
    groups: result.groups,
    largestGroup: sizes.reduce((most, size) => Math.max(most, size), 0),
    primaries: result.role.filter((role) => role === 'primary').length,
    unmapped: result.mapping.unmapped,
    noiseReduction: alerts === 0 ? null : 1 - result.groups / alerts,
  };
}

function sizesOf({ group, groups }: AlertGroupingResult): Int32Array {
  const sizes = new Int32Array(groups);
  for (const own of group) if (own >= 0) sizes[own]!++;
  return sizes;
}

/**
 * Groups of both sides that share alerts, taken together as far as sharing goes: a piece of one group on each side is
 * the same or changed, several before are merged, several after are split.
 */
function differences(
  before: AlertGroupingResult,
  after: AlertGroupingResult,
): Pick<GroupPreview, 'sameGroups' | 'movedAlerts' | 'differing' | 'differingLeftOut'> {
  const parent = Int32Array.from({ length: before.groups + after.groups }, (_, at) => at);
  const find = (at: number): number => {
    let root = at;
    while (parent[root] !== root) root = parent[root] = parent[parent[root]!]!;
    return root;
  };
  before.group.forEach((own, at) => {
    if (own >= 0 && after.group[at]! >= 0) parent[find(own)] = find(before.groups + after.group[at]!);
  });
  const pieces = new Map<number, { before: number[]; after: number[] }>();
  for (let at = 0; at < parent.length; at++) {
    const root = find(at);
    const piece = pieces.get(root) ?? { before: [], after: [] };
    if (at < before.groups) piece.before.push(at);
    else piece.after.push(at - before.groups);
    pieces.set(root, piece);
  }
  const sizes = sizesOf(before);
  const describe = { before: describer(before), after: describer(after) };
  let sameGroups = 0;
  let movedAlerts = 0;
  const differing: { piece: { before: number[]; after: number[] }; alerts: number }[] = [];
  for (const piece of pieces.values()) {
    if (piece.before.length === 1 && piece.after.length === 1) {
      sameGroups++;
      continue;
    }
    const alerts = piece.before.reduce((sum, own) => sum + sizes[own]!, 0);
    movedAlerts += alerts;
    differing.push({ piece, alerts });
  }
  differing.sort((a, b) => b.alerts - a.alerts);
  return {
    sameGroups,
    movedAlerts,
    differing: differing.slice(0, differingShown).map(({ piece }) => ({
      kind: piece.before.length === 1 ? 'split' : piece.after.length === 1 ? 'merged' : 'changed',
      before: piece.before.slice(0, differingShown).map(describe.before),
      after: piece.after.slice(0, differingShown).map(describe.after),
    })),
    differingLeftOut: Math.max(0, differing.length - differingShown),
  };
}

function describer(
  result: AlertGroupingResult,
): (group: number) => GroupPreview['differing'][number]['before'][number] {
  const ranked = new Map(result.ranked.map((one) => [one.group, one]));
  const sizes = sizesOf(result);
  const startedAt = new Map<number, Timestamp>();
  result.group.forEach((own, at) => {
    const { startsAt } = result.enriched[at]!.alert;
    const known = startedAt.get(own);
    if (known === undefined || startsAt < known) startedAt.set(own, startsAt);
  });
  return (group) => ({
    name: ranked.get(group)!.name,
    alerts: sizes[group]!,
    startedAt: startedAt.get(group)!,
    rootCause: ranked.get(group)!.causes[0]?.id ?? null,
  });
}
