import { variables } from './variables';

export interface Misspelling {
  readonly given: string;
  readonly meant: string;
}

/** Names closer than this are one slip of the hand away. */
const mostEdits = 2;

/**
 * Variables that are set, that we do not know, and whose name is nearly that of one we do. Others are none of our
 * business: the environment holds much that is not ours.
 */
export function misspelledVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Misspelling[] {
  const known = Object.keys(variables);
  return Object.keys(environment).flatMap((given) => {
    if (given in variables) return [];
    const meant = known.find((name) => isNear(given, name) && environment[name] === undefined);
    return meant === undefined ? [] : [{ given, meant }];
  });
}

function isNear(given: string, name: string): boolean {
  if (Math.abs(given.length - name.length) > mostEdits || name.length < 8) return false;
  return given.toUpperCase() === name.toUpperCase() || editDistance(given, name) <= mostEdits;
}

/** Levenshtein's distance, two rows at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
