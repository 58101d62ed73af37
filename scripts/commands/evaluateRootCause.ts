import { Command, Option } from 'commander';
import {
  evaluateRootCause,
  histories,
  type History,
  type KindFigures,
  type RootCauseEvaluation,
} from '../../src/alerts/evaluate/rootCause';
import { createOutput, type Output } from '../output';
import { reportFailure } from '../reportFailure';

interface RootCauseOptions {
  readonly history: History;
  readonly json?: boolean;
}

export function evaluateRootCauseCommand(): Command {
  return new Command('root-cause')
    .description(
      'name the roots of injected faults from metrics and dependencies, as alert groups get theirs, beside simple ' +
        'methods and published figures',
    )
    .argument('<folder>', 'the PetShop or the Online Boutique data set')
    .addOption(
      new Option(
        '--history <which>',
        'of Online Boutique: what tells the usual, faultless hours or all before',
      )
        .choices([...histories])
        .default('faultless'),
    )
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action((folder: string, options: RootCauseOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        evaluate(folder, options, output);
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

function evaluate(folder: string, { history }: RootCauseOptions, output: Output): void {
  const started = process.hrtime.bigint();
  const bar = output.progress('evaluate');
  let evaluation: RootCauseEvaluation;
  try {
    evaluation = evaluateRootCause(
      folder,
      { history },
      { onProgress: ({ done, total, stage }) => bar.update(done, total, stage) },
    );
  } finally {
    bar.stop();
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  output.table(
    ['kind', 'faults', 'method', 'top 1', 'top 3'],
    [...evaluation.kinds, evaluation.overall].flatMap(rowsOf),
  );
  for (const note of evaluation.notes) output.say(note);
  for (const { fault, root, place, first } of evaluation.missed) {
    const came = place === null ? 'was not named' : `came in place ${place}`;
    output.say(`missed: ${fault}: ${root} ${came}, first was ${first === '' ? 'nothing' : first}`);
  }
  output.result({ ...evaluation, seconds });
}

function rowsOf({ kind, faults, methods, published }: KindFigures): (string | number)[][] {
  const own = Object.entries(methods).map(([method, rates]) => ({ method, ...rates }));
  return [...own, ...published].map(({ method, top1, top3 }, row) => [
    row === 0 ? kind : '',
    row === 0 ? faults : '',
    method,
    top1.toFixed(2),
    top3.toFixed(2),
  ]);
}
