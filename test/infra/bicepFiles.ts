import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Language, Parser, type Node } from 'web-tree-sitter';

/** A parsed Bicep file. Parsing is all that can be done without a Bicep compiler. */
export interface BicepFile {
  readonly path: string;
  readonly text: string;
  readonly root: Node;
}

const folder = join(process.cwd(), 'infra');

export async function parseBicep(text: string): Promise<{ text: string; root: Node }> {
  await Parser.init();
  const grammar = require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
  const parser = new Parser();
  parser.setLanguage(await Language.load(new Uint8Array(readFileSync(grammar))));
  const tree = parser.parse(text);
  if (!tree) throw new Error('the parser was cancelled');
  return { text, root: tree.rootNode };
}

export async function parseBicepFiles(): Promise<BicepFile[]> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.bicep'))
    .sort();
  const files: BicepFile[] = [];
  for (const name of names) {
    const parsed = await parseBicep(readFileSync(join(folder, name), 'utf8'));
    files.push({ path: relative(process.cwd(), join(folder, name)), ...parsed });
  }
  return files;
}

/** Places that the grammar does not understand, as `line:column`. */
export function syntaxErrors(file: BicepFile): string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (node.isError || node.isMissing) {
      found.push(`${node.startPosition.row + 1}:${node.startPosition.column + 1}`);
    }
    for (const child of node.children) if (child) visit(child);
  };
  visit(file.root);
  return found;
}

export function nodesOfType(file: BicepFile, type: string): Node[] {
  return file.root.descendantsOfType(type).filter((node): node is Node => node !== null);
}
