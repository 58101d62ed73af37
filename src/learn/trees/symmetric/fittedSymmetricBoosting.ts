import { decodeModel, encodeModel } from '../../binary';
import { matrix, type Matrix } from '../../matrix';
import type { RunControl } from '../../run';
import { QuarterdeckError } from '../../../contracts';
import { checkFeatures } from '../bins';
import { ensembleContent, ensembleOf, type TreeEnsemble } from '../ensemble';
import type { Evaluation } from '../evaluation';
import { importance, type ImportanceKind } from '../importance';
import { probabilitiesOf } from '../predictMargins';
import { treeContributions } from '../treeShap';
import { encode, encodedColumns, foldColumns, type Encoding } from './encoding';
import type { SymmetricBoostingOptions } from './options';
import { leafTables, predictByLeafNumber } from './predictSymmetric';

/** The same members as `FittedGradientBoosting`. */
export interface FittedSymmetricBoosting {
  /** Over encoded columns; those of the data itself when none is categorical. */
  readonly ensemble: TreeEnsemble;
  readonly encoding: Encoding;
  readonly options: SymmetricBoostingOptions;
  /** The metric on the validation rows round by round, where a fit had some. */
  readonly evaluation: Evaluation | undefined;
  /** Log-odds of n rows. @throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE, DATA_EMPTY; PARAMETER_INVALID for a category that is no whole number. */
  predictMargins(data: Matrix): Float32Array;
  /** Chance of being positive of n rows. @throws as `predictMargins`. */
  predictProbability(data: Matrix): Float32Array;
  /** TreeSHAP in margin units: n × (d + 1), the bias last. @throws as `predictMargins`; ABORTED. */
  contributions(data: Matrix, run?: RunControl): Promise<Matrix>;
  /** One number per column of the data. */
  importance(kind: ImportanceKind): Float64Array;
  toBytes(): Uint8Array;
}

export interface SymmetricState {
  readonly ensemble: TreeEnsemble;
  readonly encoding: Encoding;
  readonly options: SymmetricBoostingOptions;
  readonly evaluation: Evaluation | undefined;
}

const kind = 'symmetric-boosting';
const formatVersion = 1;

export function fittedSymmetricBoosting(state: SymmetricState): FittedSymmetricBoosting {
  const { ensemble, encoding, options, evaluation } = state;
  const tables = leafTables(ensemble);
  const encodedOf = (data: Matrix): Matrix => {
    checkFeatures(data);
    if (data.d !== encoding.d) {
      throw new QuarterdeckError(
        'DATA_WIDTH_MISMATCH',
        `the data has ${data.d} columns, the model was fitted on ${encoding.d}`,
      );
    }
    return encode(encoding, data);
  };
  const predictMargins = (data: Matrix): Float32Array =>
    predictByLeafNumber(ensemble, tables, encodedOf(data));
  return {
    ensemble,
    encoding,
    options,
    evaluation,
    predictMargins,
    predictProbability: (data) => probabilitiesOf(predictMargins(data)),
    async contributions(data, run) {
      const encoded = await treeContributions(ensemble, encodedOf(data), run);
      if (encoding.tables.length === 0) return encoded;
      const width = encoding.d + 1;
      const values = new Float32Array(data.n * width);
      for (let row = 0; row < data.n; row++) {
        values.set(foldColumns(encoding, encoded.values, row * encoded.d), row * width);
        values[row * width + encoding.d] = encoded.values[(row + 1) * encoded.d - 1]!;
      }
      return matrix(values, data.n, width);
    },
    importance: (of: ImportanceKind) => foldColumns(encoding, importance(ensemble, of)),
    toBytes() {
      const content = ensembleContent(ensemble);
      return encodeModel(kind, formatVersion, {
        parameters: { ...content.parameters, encoding, options, ...(evaluation && { evaluation }) },
        arrays: content.arrays,
      });
    },
  };
}

/** @throws MODEL_BYTES_INVALID. */
export function symmetricBoostingFromBytes(bytes: Uint8Array): FittedSymmetricBoosting {
  const content = decodeModel(kind, formatVersion, bytes);
  const { encoding, options, evaluation } = content.parameters as unknown as SymmetricState;
  const ensemble = ensembleOf(content);
  if (encodedColumns(encoding) !== ensemble.d) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', 'the columns of its trees are not those it encodes');
  }
  return fittedSymmetricBoosting({ ensemble, encoding, options, evaluation });
}
