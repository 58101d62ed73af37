import { categoryWidth } from './categories';
import { nameEmbeddingWidth } from './nameEmbedding';

/** The features of an alert and of the service it belongs to, as data: names, columns, units and meaning. */
export interface FeatureDefinition {
  readonly name: string;
  /** A number each; several where one cannot say it: both directions, angles on a circle, places of categories. */
  readonly columns: readonly string[];
  readonly unit: string;
  readonly meaning: string;
}

function one(name: string, unit: string, meaning: string): FeatureDefinition {
  return { name, columns: [name], unit, meaning };
}

function several(name: string, parts: readonly string[], unit: string, meaning: string): FeatureDefinition {
  return { name, columns: parts.map((part) => `${name}_${part}`), unit, meaning };
}

const numbered = (width: number): string[] => Array.from({ length: width }, (_, index) => String(index + 1));
const circle = ['sin', 'cos'];

/** Of the service alone: the same until the graph changes. */
export const standingGraphFeatures: readonly FeatureDefinition[] = [
  several(
    'degree',
    ['in', 'out'],
    'log(1 + services)',
    'services that depend on it directly; that it depends on',
  ),
  one('pagerank', 'multiples of the mean', 'how often a walk along dependencies comes by'),
  one('betweenness', 'share of pairs', 'shortest dependency paths between others that lead through it'),
  one('closeness', 'share', 'how near it is to what depends on it (Wasserman and Faust)'),
  one('clustering_coefficient', 'share', 'pairs of its neighbours that are neighbours'),
  one('k_core', 'degree', 'largest k of a core of the graph that it belongs to'),
  several(
    'community',
    ['share', 'cohesion'],
    'share',
    'services in its community; its neighbours that are in it too',
  ),
  one('depth', 'hops', 'longest dependency path down to it from an entry, cycles counted as one service'),
  one('distance_to_root', 'hops', 'to the nearest service it depends on that depends on nothing'),
  one('distance_to_entry', 'hops', 'to the nearest service depending on it on which nothing depends'),
  one('descendants', 'log(1 + services)', 'what it depends on, directly or through others'),
  one('ancestors', 'log(1 + services)', 'what depends on it, directly or through others'),
  one('criticality', 'share', 'how much depends on it for the business; a half when not given'),
  one('tier', 'tier', '0 is closest to the customer; 2 when not given'),
  one('hub_score', 'multiples of the mean', 'how much it depends on what many depend on (HITS)'),
  one('authority_score', 'multiples of the mean', 'how much those that depend on much depend on it (HITS)'),
  one('articulation_point', '0 or 1', 'whether its loss would part the graph'),
  one('bridge_incidence', 'edges', 'its dependencies and dependents whose loss would part the graph'),
];

/** Of the service and what alerts beside it at the time. */
export const passingGraphFeatures: readonly FeatureDefinition[] = [
  one('neighbours_alerting_share', 'share', 'direct neighbours, either way, that alert about then'),
  one(
    'upstream_alerting_share',
    'share',
    'services it depends on, directly or through others, that alert about then',
  ),
];

export const graphFeatureDefinitions: readonly FeatureDefinition[] = [
  ...standingGraphFeatures,
  ...passingGraphFeatures,
];

export const alertFeatureDefinitions: readonly FeatureDefinition[] = [
  one('severity', '0 to 4', 'info 0, low 1, warning 2, high 3, critical 4; unknown counts as warning'),
  one('duration', 'log(1 + minutes)', 'from start to end, or to now while it lasts; at most a day'),
  one('repeat_count', 'log(1 + firings)', 'earlier firings of the same fingerprint in the time looked back'),
  one('inter_arrival_mean', 'log(1 + minutes)', 'mean time between those firings; 0 for a first one'),
  one('inter_arrival_deviation', 'log(1 + minutes)', 'standard deviation of the times between those firings'),
  one('flapping', 'share', 'those firings that began soon after the one before had ended'),
  several('hour', circle, 'angle', 'local time of day'),
  several('weekday', circle, 'angle', 'local time of week'),
  one('weekend', '0 or 1', 'Saturday or Sunday'),
  one('business_hours', '0 or 1', 'local hours of work, Monday to Friday'),
  several('source', numbered(categoryWidth), 'place on a sphere', 'the system that sent it'),
  several(
    'name_embedding',
    numbered(nameEmbeddingWidth),
    'cosine',
    'what its name says, so that like names are near',
  ),
  one('label_cardinality', 'log(1 + labels)', 'labels it carries'),
  one('description_length', 'log(1 + characters)', 'length of its description'),
  several(
    'resource_type',
    numbered(categoryWidth),
    'place on a sphere',
    'pod, host, database, queue, disk, …',
  ),
  one('time_since_first_in_group', 'log(1 + minutes)', 'since the first alert of its group began'),
  one('group_size', 'log(alerts)', 'alerts in its group'),
  one('share_of_group_with_same_name', 'share', 'alerts of its group that have its name'),
  one('resolved_share', 'share', 'alerts of its group that are over'),
];

const namesOf = (definitions: readonly FeatureDefinition[]): readonly string[] =>
  definitions.map(({ name }) => name);
const columnsOf = (definitions: readonly FeatureDefinition[]): readonly string[] =>
  definitions.flatMap(({ columns }) => columns);

export const graphFeatureNames = namesOf(graphFeatureDefinitions);
export const alertFeatureNames = namesOf(alertFeatureDefinitions);
export const standingColumns = columnsOf(standingGraphFeatures);
/** Every column of a row, in order. */
export const featureColumns = columnsOf([...graphFeatureDefinitions, ...alertFeatureDefinitions]);
