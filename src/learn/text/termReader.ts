import { termsOf, type Analyzer } from './analyze';

/** Words whose columns are remembered; past that, rare ones are looked up each time. */
const rememberedTokens = 100_000;
/** Longer words are machine output: they would fill the memory with what never comes back. */
const rememberedLength = 40;

/** Finds the columns of a text's terms. Words come back, so the columns of a word are looked up once. */
export class TermReader {
  private readonly columnsOfToken = new Map<string, Int32Array>();

  private readonly columnOf: ReadonlyMap<string, number>;

  constructor(
    private readonly analyzer: Analyzer,
    terms: readonly string[],
  ) {
    this.columnOf = new Map(terms.map((term, column) => [term, column]));
  }

  /** Columns of every known term of the words, in order, repeated as often as they occur. */
  columns(tokens: readonly string[]): number[] {
    const columns: number[] = [];
    for (const token of tokens) for (const column of this.ofToken(token)) columns.push(column);
    return columns;
  }

  private ofToken(token: string): Int32Array {
    const remembered = this.columnsOfToken.get(token);
    if (remembered) return remembered;
    const columns: number[] = [];
    for (const term of termsOf(token, this.analyzer)) {
      const column = this.columnOf.get(term);
      if (column !== undefined) columns.push(column);
    }
    const found = Int32Array.from(columns);
    if (this.columnsOfToken.size < rememberedTokens && token.length <= rememberedLength) {
      this.columnsOfToken.set(token, found);
    }
    return found;
  }
}
