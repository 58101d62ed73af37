import type { AttributeView, NodeView } from './onnxView';

/**
 * The runtime prepares trees by recursion: one deeper than this would end the process rather than be refused. Grown
 * trees have tens of levels.
 */
const deepestTree = 512;

const treeOperators: ReadonlySet<string> = new Set(['TreeEnsembleRegressor', 'TreeEnsembleClassifier']);

/** Why the trees of a node cannot be loaded; undefined when they can, or when the node has none. */
export function treeFault(node: NodeView): string | undefined {
  if (!node.opType.some((operator) => treeOperators.has(operator))) return undefined;
  const tree = integersOf(node, 'nodes_treeids');
  const id = integersOf(node, 'nodes_nodeids');
  const whenTrue = integersOf(node, 'nodes_truenodeids');
  const whenFalse = integersOf(node, 'nodes_falsenodeids');
  const modes = attributesOf(node, 'nodes_modes').flatMap(({ strings }) => strings);
  const count = id.length;
  if ([tree, whenTrue, whenFalse, modes].some(({ length }) => length !== count)) {
    return 'its trees have lists of different lengths';
  }
  const places = new Map<string, number>();
  for (let place = 0; place < count; place++) places.set(`${tree[place]}/${id[place]}`, place);
  if (places.size !== count) return 'a node of its trees occurs twice';
  const children = (place: number): (number | undefined)[] =>
    modes[place] === 'LEAF'
      ? []
      : [whenTrue, whenFalse].map((branch) => places.get(`${tree[place]}/${branch[place]}`));
  const parents = new Uint8Array(count);
  for (let place = 0; place < count; place++) {
    for (const child of children(place)) {
      if (child === undefined) return 'a node of its trees is missing';
      if (parents[child] === 1) return 'a node of its trees is reached twice';
      parents[child] = 1;
    }
  }
  let level = Array.from({ length: count }, (_, place) => place).filter((place) => parents[place] === 0);
  let reached = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepestTree) return `its trees have more than ${deepestTree} levels`;
    reached += level.length;
    level = level.flatMap((place) => children(place) as number[]);
  }
  return reached === count ? undefined : 'its trees run in a circle';
}

function attributesOf(node: NodeView, name: string): AttributeView[] {
  return node.attribute.filter((attribute) => attribute.name.includes(name));
}

function integersOf(node: NodeView, name: string): number[] {
  return attributesOf(node, name).flatMap(({ ints }) => ints);
}
