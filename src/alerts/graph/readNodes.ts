import type { ServiceNode } from '../../contracts';
import { isRecord, textField } from './graphFields';
import { Findings } from './graphReport';
import { criticalityScale, givenCriticality } from './readCriticality';

/** Nodes are merged by id as they come; what a later one adds is kept, what it says otherwise is not. */
export class NodeReader {
  readonly duplicateNodes = new Findings<string>();
  readonly invalidNodes = new Findings<{ readonly index: number; readonly problem: string }>();
  readonly invalidValues = new Findings<{ readonly where: string; readonly problem: string }>();
  /** Known once all nodes were added. */
  scale = 1;
  private readonly byId = new Map<string, GivenNode>();

  add(index: number, given: unknown): void {
    const node = this.read(given);
    if (node === undefined) {
      const problem = isRecord(given)
        ? 'a node needs an id or a name that is text of at most 500 characters'
        : 'a node is an object or a name';
      this.invalidNodes.add({ index, problem });
      return;
    }
    const known = this.byId.get(node.id);
    if (known) this.duplicateNodes.add(node.id);
    this.byId.set(node.id, known ? merged(known, node) : node);
  }

  /** In lexical order of their ids. */
  nodes(): readonly ServiceNode[] {
    const given = [...this.byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const numbers = given.flatMap(({ number }) => (number === null ? [] : [number]));
    this.scale = criticalityScale(numbers);
    return given.map(({ number, share, givenName, ...node }) => ({
      ...node,
      name: givenName ?? node.id,
      criticality: share ?? (number === null ? null : number / this.scale),
    }));
  }

  private read(given: unknown): GivenNode | undefined {
    const alone = textField(given);
    if (alone !== undefined) return { ...nothingKnown, id: alone };
    if (!isRecord(given)) return undefined;
    // Cytoscape and others keep a node's own words in `data` or `attributes`.
    const inner = [given['data'], given['attributes']].find(isRecord);
    const node: Readonly<Record<string, unknown>> = { ...inner, ...given };
    const name = textField(node['name'] ?? node['label'] ?? node['title']);
    const id = textField(node['id'] ?? node['key'] ?? node['service']) ?? name;
    if (id === undefined) return undefined;
    const criticality = givenCriticality(node['criticality'] ?? node['critical'] ?? node['importance']);
    if (criticality === undefined) {
      this.invalidValues.add({
        where: id,
        problem: 'a criticality is a number from 0 or a word such as high',
      });
    }
    return {
      id,
      givenName: name ?? null,
      type: textField(node['type'] ?? node['kind']) ?? null,
      tier: this.tierOf(id, node['tier'] ?? node['level']),
      team: textField(node['team'] ?? node['owner']) ?? null,
      number: criticality && 'number' in criticality ? criticality.number : null,
      share: criticality && 'share' in criticality ? criticality.share : null,
      aliases: aliasesOf(node['aliases'] ?? node['alias'], id, name),
    };
  }

  /** `1`, `"1"`, `tier-1`, `T1`. */
  private tierOf(id: string, value: unknown): number | null {
    if (value === undefined || value === null || value === '') return null;
    const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
    const found = /^(?:tier|t)?[\s_-]*(\d{1,3})$/i.exec(text);
    if (found) return Number(found[1]);
    this.invalidValues.add({ where: id, problem: 'a tier is a number from 0' });
    return null;
  }
}

interface GivenNode extends Omit<ServiceNode, 'criticality' | 'name'> {
  readonly givenName: string | null;
  /** Criticality as a number on a scale that is not known yet, or as a share. */
  readonly number: number | null;
  readonly share: number | null;
}

const nothingKnown: Omit<GivenNode, 'id'> = {
  givenName: null,
  type: null,
  tier: null,
  team: null,
  number: null,
  share: null,
  aliases: [],
};

function merged(known: GivenNode, later: GivenNode): GivenNode {
  const hasCriticality = known.number !== null || known.share !== null;
  return {
    id: known.id,
    givenName: known.givenName ?? later.givenName,
    type: known.type ?? later.type,
    tier: known.tier ?? later.tier,
    team: known.team ?? later.team,
    number: hasCriticality ? known.number : later.number,
    share: hasCriticality ? known.share : later.share,
    aliases: [...new Set([...known.aliases, ...later.aliases])].sort(),
  };
}

function aliasesOf(value: unknown, id: string, name: string | undefined): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const found = list.flatMap((alias) => textField(alias) ?? []);
  return [...new Set(found)].filter((alias) => alias !== id && alias !== name).sort();
}
