/**
 * Strongly connected components of more than one node, by Tarjan's algorithm (SIAM J. Comput. 1, 1972) with a stack
 * of its own: a chain of 100,000 services must not overflow the engine's.
 * @param targets for every node the nodes that it has an edge to
 * @returns components as lists of node numbers, ascending, by their first node
 */
export function stronglyConnected(targets: readonly (readonly number[])[]): number[][] {
  const n = targets.length;
  const order = new Int32Array(n).fill(-1);
  const low = new Int32Array(n);
  const next = new Int32Array(n);
  const open = new Uint8Array(n);
  const stack: number[] = [];
  const path: number[] = [];
  const found: number[][] = [];
  let counter = 0;

  const enter = (node: number): void => {
    order[node] = low[node] = counter++;
    open[node] = 1;
    stack.push(node);
    path.push(node);
  };
  const leave = (node: number): void => {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
    if (low[node] !== order[node]) return;
    const component: number[] = [];
    let member: number;
    do {
      member = stack.pop()!;
      open[member] = 0;
      component.push(member);
    } while (member !== node);
    if (component.length > 1) found.push(component.sort((a, b) => a - b));
  };

  for (let root = 0; root < n; root++) {
    if (order[root] !== -1) continue;
    enter(root);
    while (path.length > 0) {
      const node = path.at(-1)!;
      if (next[node]! >= targets[node]!.length) {
        leave(node);
        continue;
      }
      const target = targets[node]![next[node]!++]!;
      if (order[target] === -1) enter(target);
      else if (open[target] === 1) low[node] = Math.min(low[node]!, order[target]!);
    }
  }
  return found.sort(([a], [b]) => a! - b!);
}
