/**
 * How the demo's tickets are described: a tech centre has themes, a theme has titles and sentences with slots, and a
 * course over the quarters. Written as text, because that is what it is:
 *
 *     # vpn-drops steady
 *     = VPN drops {every}
 *     - The tunnel breaks {every} and asks for the token again.
 */
export interface Theme {
  readonly name: string;
  readonly course: Course;
  readonly titles: readonly string[];
  readonly sentences: readonly string[];
}

export interface DemoCenter {
  readonly name: string;
  readonly themes: readonly Theme[];
}

/**
 * `steady`, `growing`, `shrinking`; `born` appears and `dying` is gone in the last quarter; `splitting` is one theme
 * until then, of which the next theme, `split`, takes a half.
 */
export const courses = ['steady', 'growing', 'shrinking', 'born', 'dying', 'splitting', 'split'] as const;
export type Course = (typeof courses)[number];

/** Share of a theme's usual tickets in a quarter; `position` is 0 for the first and 1 for the last. */
export function shareAt(course: Course, position: number): number {
  const last = position === 1;
  switch (course) {
    case 'steady':
      return 1;
    case 'growing':
      return 0.6 + 1.2 * position;
    case 'shrinking':
      return 1.6 - 1.1 * position;
    case 'born':
      return last ? 1.6 : 0;
    case 'dying':
      return last ? 0 : 1.3;
    case 'splitting':
      return last ? 0.9 : 1.8;
    case 'split':
      return last ? 0.9 : 0;
  }
  return 1;
}

/** Reads the notation above. */
export function demoCenter(name: string, text: string): DemoCenter {
  const themes: { name: string; course: Course; titles: string[]; sentences: string[] }[] = [];
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    const content = line.slice(2);
    if (line.startsWith('# ')) {
      const [theme = '', given] = content.split(' ');
      const course = courses.find((known) => known === given);
      if (!course) throw new Error(`theme ${theme} of ${name} has no course`);
      themes.push({ name: theme, course, titles: [], sentences: [] });
    } else if (line.startsWith('= ')) {
      themes.at(-1)?.titles.push(content);
    } else if (line.startsWith('- ')) {
      themes.at(-1)?.sentences.push(content);
    }
  }
  return { name, themes };
}
