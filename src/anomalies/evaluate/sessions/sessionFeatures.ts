import { matrixFromRows, type Matrix } from '../../../learn/matrix';

type Templates = readonly string[];

/**
 * What a session looks like against the unlabelled sessions of training: how often it has each template, its length,
 * templates that training lacks, how rare its counts are, and how unlikely its least likely step from one template
 * to the next is.
 */
export interface SessionFeatures {
  readonly names: readonly string[];
  /** Column of the rarity of a session's counts. */
  readonly rarityColumn: number;
  /** One row per session. */
  rows(sessions: readonly Templates[]): Matrix;
}

/** Where a session begins and ends, as steps from and to something. */
const edge = '';

export function learnSessionFeatures(training: readonly Templates[]): SessionFeatures {
  const vocabulary = [...new Set(training.flat())].sort();
  const columnOf = new Map(vocabulary.map((template, column) => [template, column]));
  const sameCounts = new Map<string, number>();
  const steps = new Map<string, Map<string, number>>();
  const leaving = new Map<string, number>();
  for (const templates of training) {
    add(sameCounts, countKey(templates));
    forEachStep(templates, (from, to) => {
      const targets = steps.get(from) ?? new Map<string, number>();
      steps.set(from, targets);
      add(targets, to);
      add(leaving, from);
    });
  }
  // Every template and the end may follow; one more stands for all that training lacks.
  const followers = vocabulary.length + 2;
  const surprise = (from: string, to: string): number =>
    -Math.log(((steps.get(from)?.get(to) ?? 0) + 1) / ((leaving.get(from) ?? 0) + followers));
  const rarity = (templates: Templates): number =>
    -Math.log(((sameCounts.get(countKey(templates)) ?? 0) + 1) / (training.length + 1));
  const known = vocabulary.length;
  return {
    names: [...vocabulary, 'length', 'unknown templates', 'rarity of counts', 'least likely step'],
    rarityColumn: known + 2,
    rows: (sessions) =>
      matrixFromRows(
        sessions.map((templates) => {
          const row = new Float32Array(known + 4);
          for (const template of templates) row[columnOf.get(template) ?? known + 1]! += 1;
          row[known] = templates.length;
          row[known + 2] = rarity(templates);
          forEachStep(templates, (from, to) => {
            row[known + 3] = Math.max(row[known + 3]!, surprise(from, to));
          });
          return row;
        }),
      ),
  };
}

/** Sessions with the same templates as often, in whatever order, have the same key. */
export function countKey(templates: Templates): string {
  return JSON.stringify([...templates].sort());
}

function forEachStep(templates: Templates, visit: (from: string, to: string) => void): void {
  let from = edge;
  for (const template of templates) {
    visit(from, template);
    from = template;
  }
  visit(from, edge);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
