import type { Random } from '../../contracts';

/** Which columns a tree, a level of it and a node of that may look at; ascending. */
export interface ColumnSampler {
  readonly ofTree: Int32Array;
  columnsOf(depth: number, node: number): Int32Array;
}

export interface ColumnShares {
  readonly columnsByTree: number;
  readonly columnsByLevel: number;
  readonly columnsByNode: number;
}

/** Each draw is from the columns of the one above it and leaves at least one, as in XGBoost. */
export function columnSampler(d: number, shares: ColumnShares, random: Random): ColumnSampler {
  const all = Int32Array.from({ length: d }, (_, column) => column);
  const ofTree = sample(all, shares.columnsByTree, random, 'columns');
  const ofLevels = new Map<number, Int32Array>();
  return {
    ofTree,
    columnsOf(depth, node) {
      let ofLevel = ofLevels.get(depth);
      if (!ofLevel) {
        ofLevel = sample(ofTree, shares.columnsByLevel, random, `columns of level ${depth}`);
        ofLevels.set(depth, ofLevel);
      }
      return sample(ofLevel, shares.columnsByNode, random, `columns of node ${node}`);
    },
  };
}

function sample(columns: Int32Array, share: number, random: Random, stream: string): Int32Array {
  if (share === 1) return columns;
  const kept = Math.max(1, Math.floor(share * columns.length));
  const draws = random.fork(stream);
  const drawn = columns.slice();
  for (let place = 0; place < kept; place++) {
    const other = place + draws.integer(drawn.length - place);
    const held = drawn[place]!;
    drawn[place] = drawn[other]!;
    drawn[other] = held;
  }
  return drawn.subarray(0, kept).sort();
}
