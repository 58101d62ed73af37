import type { GraphIndex } from '../../graph/graphIndex';

/** `checkout-3`, `checkout_3`, `checkout.3`. */
const number = /[-_.]?\d+$/;
/** `checkout-579f59597d-wc2lz`, as Kubernetes names pods of a deployment. */
const pod = /-[a-z0-9]{6,10}-[a-z0-9]{5}$/;

/** A function from an instance to the node that it is of: by id, name or alias, whole or without its suffix. */
export function instanceNodes({ graph }: GraphIndex): (instance: string) => number | undefined {
  const nodes = new Map<string, number>();
  // Ids win over names, and names over aliases, whatever the order of the nodes.
  const add = (word: string, node: number): void => {
    const key = word.trim().toLowerCase();
    if (!nodes.has(key)) nodes.set(key, node);
  };
  graph.nodes.forEach(({ id }, node) => add(id, node));
  graph.nodes.forEach(({ name }, node) => add(name, node));
  graph.nodes.forEach(({ aliases }, node) => aliases.forEach((alias) => add(alias, node)));
  const known = new Map<string, number | undefined>();
  return (instance) => {
    if (known.has(instance)) return known.get(instance);
    const word = instance.trim().toLowerCase();
    const node = nodes.get(word) ?? nodes.get(word.replace(pod, '')) ?? nodes.get(word.replace(number, ''));
    known.set(instance, node);
    return node;
  };
}
