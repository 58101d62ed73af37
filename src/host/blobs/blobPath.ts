/** The path of a blob binding: a container, and a pattern for names such as `dropped/{folder}/{name}.csv`. */
export interface BlobPath {
  readonly container: string;
  /** What every name that fits begins with; all a listing has to look at. */
  readonly prefix: string;
  /** The values of the pattern's parameters, or undefined when the name does not fit. */
  match(name: string): Readonly<Record<string, string>> | undefined;
}

/** Azure's rule for container names, and those of the services themselves. */
const containerName = /^(?:\$(?:root|web|logs)|(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9])$/;
const parameter = /\{([^{}]+)\}/g;

/** A parameter takes any text, `/` included, as in the real host (BindingTemplateSource.cs). */
export function parseBlobPath(path: string): BlobPath | undefined {
  const slash = path.indexOf('/');
  const container = slash === -1 ? path : path.slice(0, slash);
  // A container alone means every blob in it.
  const pattern = slash === -1 || slash === path.length - 1 ? '{name}' : path.slice(slash + 1);
  if (!containerName.test(container)) return undefined;
  const names: string[] = [];
  let expression = '';
  let from = 0;
  for (const match of pattern.matchAll(parameter)) {
    const name = match[1]!.trim();
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) || names.includes(name)) return undefined;
    names.push(name);
    expression += `${literally(pattern.slice(from, match.index))}(.*)`;
    from = match.index + match[0].length;
  }
  expression += literally(pattern.slice(from));
  if (/[{}]/.test(pattern.replace(parameter, ''))) return undefined;
  const whole = new RegExp(`^${expression}$`, 's');
  return {
    container,
    prefix: pattern.split('{', 1)[0]!,
    match(name) {
      const found = whole.exec(name);
      return found ? Object.fromEntries(names.map((key, index) => [key, found[index + 1]!])) : undefined;
    },
  };
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
