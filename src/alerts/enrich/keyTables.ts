import type { ServiceNode } from '../../contracts';
import type { AlertKey } from './alertKeys';
import type { MappedNode, MappingMethod } from './mapping';
import { keyOf } from './words';

/** Services by what may be written for them. A form that several services share leads to none of them. */
export class KeyTables {
  private readonly byId = new Map<string, number>();
  private readonly byName = new Map<string, number>();
  private readonly byForm = new Map<string, number>();
  private readonly byAlias = new Map<string, number>();

  constructor(private readonly nodes: readonly ServiceNode[]) {
    nodes.forEach(({ id, name, aliases }, node) => {
      this.byId.set(id, node);
      put(this.byName, name, node);
      put(this.byForm, keyOf(id), node);
      put(this.byForm, keyOf(name), node);
      for (const alias of aliases) put(this.byAlias, keyOf(alias), node);
    });
  }

  exact(key: AlertKey): MappedNode | undefined {
    return (
      this.found(this.byId.get(key.value), 'exact', key, 1, 'is the id of') ??
      this.found(this.byName.get(key.value), 'exact', key, nameCertainty, 'is the name of') ??
      this.found(this.byForm.get(keyOf(key.value)), 'exact', key, formCertainty, 'differs only in form from')
    );
  }

  alias(key: AlertKey): MappedNode | undefined {
    return this.found(this.byAlias.get(keyOf(key.value)), 'alias', key, aliasCertainty, 'is another name of');
  }

  private found(
    node: number | undefined,
    method: MappingMethod,
    { field, value, trust }: AlertKey,
    certainty: number,
    how: string,
  ): MappedNode | undefined {
    if (node === undefined || node === shared) return undefined;
    const matched = `${field} “${value}” ${how} service “${this.nodes[node]!.id}”`;
    return { node, mapping: { method, confidence: trust * certainty, score: 0, matched } };
  }
}

/** Names are less unique than ids, written forms less than names; aliases were put down by people. */
const nameCertainty = 0.98;
const formCertainty = 0.95;
const aliasCertainty = 0.9;

const shared = -1;

function put(table: Map<string, number>, key: string, node: number): void {
  if (key === '') return;
  const there = table.get(key);
  table.set(key, there === undefined || there === node ? node : shared);
}
