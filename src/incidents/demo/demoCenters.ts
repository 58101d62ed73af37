import type { DemoCenter } from './theme';
import { access } from './themes/access';
import { business } from './themes/business';
import { infrastructure } from './themes/infrastructure';
import { workplace } from './themes/workplace';

/** The fifteen tech centres of the demo; with fewer, every area still has one. */
export const demoCenters: readonly DemoCenter[] = interleaved([workplace, infrastructure, business, access]);

function interleaved(groups: readonly (readonly DemoCenter[])[]): DemoCenter[] {
  const longest = Math.max(...groups.map((group) => group.length));
  return Array.from({ length: longest }, (_, index) =>
    groups.flatMap((group) => group.slice(index, index + 1)),
  ).flat();
}
