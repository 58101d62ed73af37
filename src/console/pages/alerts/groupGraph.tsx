import cytoscape from 'cytoscape';
import { useEffect, useRef } from 'preact/hooks';
import type { GroupSubgraph } from '../../../contracts';
import { pageColor } from '../chart';
import { formatCount } from '../format';
import { severityColor } from './severity';

/** So few that they need less room. */
const fewNodes = 4;

/** The services of a group and what they depend on: callers above, what they need below. */
export function GroupGraph({ subgraph }: { subgraph: GroupSubgraph }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!element.current) return undefined;
    const drawn = cytoscape({
      container: element.current,
      elements: elementsOf(subgraph),
      style: styles(),
      layout: {
        name: 'breadthfirst',
        directed: true,
        roots: entriesOf(subgraph),
        animate: false,
        spacingFactor: 1.1,
        padding: 16,
      },
      minZoom: 0.2,
      maxZoom: 1.4,
      wheelSensitivity: 0.3,
      autoungrabify: true,
    });
    return () => drawn.destroy();
  }, [subgraph]);
  const alerting = subgraph.nodes.filter(({ alerts }) => alerts > 0).length;
  const root = subgraph.nodes.find(({ isRoot }) => isRoot);
  return (
    <>
      <div
        ref={element}
        class={subgraph.nodes.length <= fewNodes ? 'subgraph small' : 'subgraph'}
        role="img"
        aria-label={
          `${alerting} alerting services and their dependencies` +
          (root ? `; likely cause: ${root.name}` : '')
        }
      />
      <p class="hint">
        An arrow points to what a service depends on. The likely cause has the thick border; a service without
        alerts is only outlined.
        {subgraph.leftOut > 0 && ` ${formatCount(subgraph.leftOut)} more services alert and are not drawn.`}
      </p>
    </>
  );
}

function elementsOf({ nodes, edges }: GroupSubgraph): cytoscape.ElementDefinition[] {
  return [
    ...nodes.map((node) => ({
      data: {
        id: node.id,
        label: node.alerts > 0 ? `${node.name} (${formatCount(node.alerts)})` : node.name,
        color: pageColor(severityColor[node.severity ?? 'unknown']),
      },
      classes: [node.alerts > 0 ? 'alerting' : 'quiet', ...(node.isRoot ? ['root'] : [])].join(' '),
    })),
    ...edges.map(({ source, target }) => ({ data: { id: `${source}\n${target}`, source, target } })),
  ];
}

/** Nothing drawn depends on them; in a ring of services there are none, and the layout chooses. */
function entriesOf({ nodes, edges }: GroupSubgraph): string[] | undefined {
  const needed = new Set(edges.map(({ target }) => target));
  const entries = nodes.map(({ id }) => id).filter((id) => !needed.has(id));
  return entries.length > 0 ? entries : undefined;
}

function styles(): cytoscape.StylesheetJson {
  return [
    {
      selector: 'node',
      style: {
        label: 'data(label)',
        color: pageColor('--text'),
        'font-size': 11,
        'text-valign': 'bottom',
        'text-margin-y': 4,
        'text-wrap': 'ellipsis',
        'text-max-width': '140px',
        'text-background-color': pageColor('--surface'),
        'text-background-opacity': 0.85,
        'text-background-padding': '2px',
        width: 22,
        height: 22,
        'border-color': pageColor('--muted'),
        'border-width': 1,
      },
    },
    { selector: '.alerting', style: { 'background-color': 'data(color)' } },
    { selector: '.quiet', style: { 'background-color': pageColor('--surface') } },
    {
      selector: '.root',
      style: { width: 32, height: 32, 'border-width': 5, 'border-color': pageColor('--text') },
    },
    {
      selector: 'edge',
      style: {
        width: 1.5,
        'curve-style': 'bezier',
        'line-color': pageColor('--muted'),
        'target-arrow-color': pageColor('--muted'),
        'target-arrow-shape': 'triangle',
        opacity: 0.7,
      },
    },
  ];
}
