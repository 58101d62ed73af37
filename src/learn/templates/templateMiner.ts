import { createHash } from 'node:crypto';
import { QuarterdeckError } from '../../contracts';
import { maskTokens, wildcard } from './maskTokens';

/**
 * Drain: online mining of log templates with a tree of fixed depth (He, Zhu, Zheng and Lyu, "Drain: An Online Log
 * Parsing Approach with Fixed Depth Tree", ICWS 2017). The tree leads by the number of tokens and the first tokens to
 * a few templates; the message joins the most similar one, whose differing tokens become wildcards, or founds a new.
 *
 * A template keeps the id that its first message gave it; each generalisation raises its version.
 */
export interface TemplateMinerOptions {
  /** Levels of the tree below the token count. */
  readonly depth: number;
  /** Least share of equal tokens to join a template. */
  readonly similarity: number;
  /** Children of a node; further tokens share a wildcard branch. */
  readonly maxChildren: number;
  /** Bounds memory whatever the logs; messages beyond it share one template per token count. */
  readonly maxTemplates: number;
}

/** Depth and similarity are the paper's; the bounds are those of its reference implementation, and 64 KiB of ids. */
export const defaultTemplateMinerOptions: TemplateMinerOptions = {
  depth: 3,
  similarity: 0.4,
  maxChildren: 100,
  maxTemplates: 20_000,
};

export interface Template {
  readonly id: string;
  /** 1 when founded, then one more with every generalisation. */
  readonly version: number;
  readonly text: string;
}

export interface MinedMessage {
  readonly template: Template;
  /** The message founded the template. */
  readonly isNew: boolean;
  /** The message made it more general. */
  readonly generalised: boolean;
}

interface Cluster extends Template {
  /** Branches that lead to its leaf; the text may have become more general since. */
  readonly path: readonly string[];
  version: number;
  text: string;
  tokens: string[];
  /** A shared instance for the ordinary case: nothing new. */
  readonly known: MinedMessage;
}

interface Node {
  readonly children: Map<string, Node>;
  readonly clusters: Cluster[];
}

const formatVersion = 1;

export class TemplateMiner {
  private readonly byLength = new Map<number, Node>();
  private readonly byId = new Map<string, Cluster>();

  constructor(readonly options: TemplateMinerOptions = defaultTemplateMinerOptions) {
    const { depth, similarity, maxChildren, maxTemplates } = options;
    const sound =
      depth >= 1 &&
      depth <= 16 &&
      similarity >= 0 &&
      similarity <= 1 &&
      maxChildren >= 2 &&
      maxTemplates >= 1;
    if (!sound) {
      throw new QuarterdeckError('PARAMETER_INVALID', `template miner: ${JSON.stringify(options)}`, {
        culprit: { option: 'TemplateMinerOptions' },
      });
    }
  }

  /** Templates in the order in which they were founded. */
  templates(): Template[] {
    return [...this.byId.values()].map(({ id, version, text }) => ({ id, version, text }));
  }

  get size(): number {
    return this.byId.size;
  }

  /** Puts a message to its template. Time is linear in its length, whatever the number of templates in other leaves. */
  mine(message: string): MinedMessage {
    const tokens = maskTokens(message);
    const path = this.pathOf(tokens);
    const leaf = this.leafAt(tokens.length, path);
    const cluster = this.closest(leaf.clusters, tokens);
    if (!cluster) return this.found(leaf, path, tokens);
    return generalise(cluster, tokens)
      ? { template: cluster, isNew: false, generalised: true }
      : cluster.known;
  }

  /** Everything that it learnt, as text; the same messages in the same order give the same bytes. */
  toBytes(): Uint8Array {
    const templates = [...this.byId.values()].map(({ id, version, text, path }) => [id, version, text, path]);
    return new TextEncoder().encode(JSON.stringify({ formatVersion, options: this.options, templates }));
  }

  /** @throws MODEL_BYTES_INVALID */
  static fromBytes(bytes: Uint8Array): TemplateMiner {
    const { options, templates } = readState(bytes);
    const miner = new TemplateMiner(options);
    for (const [id, version, text, path] of templates) {
      const tokens = text.split(' ');
      miner.add(miner.leafAt(tokens.length, path), makeCluster(id, version, tokens, path));
    }
    return miner;
  }

  /** The branches that a message takes, without making any. */
  private pathOf(tokens: readonly string[]): string[] {
    const path: string[] = [];
    let node = this.byLength.get(tokens.length);
    const levels = Math.min(this.options.depth, tokens.length);
    for (let level = 0; level < levels; level++) {
      const token = tokens[level]!;
      // A token that varies must not lead: its messages would never meet.
      let key = token.includes(wildcard) ? wildcard : token;
      const full = node !== undefined && node.children.size >= this.options.maxChildren - 1;
      if (full && !node!.children.has(key)) key = wildcard;
      path.push(key);
      node = node?.children.get(key);
    }
    return path;
  }

  private leafAt(length: number, path: readonly string[]): Node {
    let node = childOf(this.byLength, length);
    for (const key of path) node = childOf(node.children, key);
    return node;
  }

  private closest(clusters: readonly Cluster[], tokens: readonly string[]): Cluster | undefined {
    let best: Cluster | undefined;
    let bestEqual = -1;
    let bestWild = -1;
    for (const cluster of clusters) {
      let equal = 0;
      let wild = 0;
      for (let index = 0; index < tokens.length; index++) {
        const known = cluster.tokens[index]!;
        if (known === tokens[index]) equal++;
        else if (known === wildcard) wild++;
      }
      // It covers the message as it is.
      if (equal + wild === tokens.length && wild === 0) return cluster;
      if (equal > bestEqual || (equal === bestEqual && wild > bestWild)) {
        best = cluster;
        bestEqual = equal;
        bestWild = wild;
      }
    }
    if (!best) return undefined;
    const covers = bestEqual + bestWild === tokens.length;
    return covers || bestEqual / tokens.length >= this.options.similarity ? best : undefined;
  }

  private found(leaf: Node, path: readonly string[], tokens: readonly string[]): MinedMessage {
    const full = this.byId.size >= this.options.maxTemplates;
    const own = full ? tokens.map(() => wildcard) : tokens;
    const id = this.freeId(own);
    const existing = full ? this.byId.get(idOf(own, 0)) : undefined;
    if (existing) return existing.known;
    const cluster = makeCluster(id, 1, own, path);
    this.add(leaf, cluster);
    return { template: cluster, isNew: true, generalised: false };
  }

  private add(leaf: Node, cluster: Cluster): void {
    leaf.clusters.push(cluster);
    this.byId.set(cluster.id, cluster);
  }

  /** Made from the founding message, so that two processes that meet it first give it the same id. */
  private freeId(tokens: readonly string[]): string {
    for (let attempt = 0; ; attempt++) {
      const id = idOf(tokens, attempt);
      if (!this.byId.has(id)) return id;
    }
  }
}

function idOf(tokens: readonly string[], attempt: number): string {
  const text = attempt === 0 ? tokens.join(' ') : `${tokens.join(' ')}\n${attempt}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** True when the template changed. */
function generalise(cluster: Cluster, tokens: readonly string[]): boolean {
  let changed = false;
  for (let index = 0; index < tokens.length; index++) {
    const known = cluster.tokens[index]!;
    if (known === tokens[index] || known === wildcard) continue;
    cluster.tokens[index] = wildcard;
    changed = true;
  }
  if (changed) {
    cluster.version++;
    cluster.text = cluster.tokens.join(' ');
  }
  return changed;
}

function makeCluster(
  id: string,
  version: number,
  tokens: readonly string[],
  path: readonly string[],
): Cluster {
  const cluster = { id, version, text: tokens.join(' '), tokens: [...tokens], path } as Cluster & {
    known: MinedMessage;
  };
  cluster.known = { template: cluster, isNew: false, generalised: false };
  return cluster;
}

function childOf<Key>(children: Map<Key, Node>, key: Key): Node {
  let child = children.get(key);
  if (!child) {
    child = makeNode();
    children.set(key, child);
  }
  return child;
}

function makeNode(): Node {
  return { children: new Map(), clusters: [] };
}

interface State {
  readonly options: TemplateMinerOptions;
  readonly templates: readonly (readonly [
    id: string,
    version: number,
    text: string,
    path: readonly string[],
  ])[];
}

function readState(bytes: Uint8Array): State {
  const invalid = (why: string, cause?: unknown): QuarterdeckError =>
    new QuarterdeckError('MODEL_BYTES_INVALID', `not a template miner: ${why}`, { cause });
  let state: unknown;
  try {
    state = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw invalid('it is not JSON', error);
  }
  if (typeof state !== 'object' || state === null) throw invalid('it is no object');
  const { formatVersion: version, options, templates } = state as Record<string, unknown>;
  if (version !== formatVersion) throw invalid(`format version ${String(version)}`);
  const sound =
    Array.isArray(templates) &&
    typeof options === 'object' &&
    options !== null &&
    templates.every(
      (entry: unknown) =>
        Array.isArray(entry) &&
        typeof entry[0] === 'string' &&
        Number.isInteger(entry[1]) &&
        typeof entry[2] === 'string' &&
        Array.isArray(entry[3]) &&
        entry[3].every((key: unknown) => typeof key === 'string'),
    );
  if (!sound) throw invalid('its templates are damaged');
  return { options: options as TemplateMinerOptions, templates: templates as State['templates'] };
}
