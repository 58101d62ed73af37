import type { TreeEnsemble } from '../trees';
import type { Encoding } from '../trees/symmetric';
import { describeCategory } from '../trees/symmetric/categories';
import { addCategoryTable } from './categoryTables';
import { addClassification, addFeatures } from './classifier';
import { addColumns, addSideBySide } from './elementwise';
import { OnnxGraphBuilder } from './onnxGraphBuilder';
import { addProbability, addTreeEnsemble, type ClassifierOnnxOptions } from './treeEnsemble';

/** What of a fitted model of symmetric trees its ONNX form holds. */
export interface SymmetricModel {
  readonly ensemble: TreeEnsemble;
  readonly encoding: Encoding;
}

/** Margins (log-odds), `n × 1`: categories are looked up, then the trees are asked. */
export function addSymmetricBoosting(
  builder: OnnxGraphBuilder,
  input: string,
  { ensemble, encoding }: SymmetricModel,
): string {
  const { numeric, tables, n } = encoding;
  if (tables.length === 0) return addTreeEnsemble(builder, input, ensemble);
  const parts = numeric.length > 0 ? [addColumns(builder, input, numeric)] : [];
  for (const table of tables) {
    parts.push(
      addCategoryTable(builder, input, {
        columns: table.columns,
        values: table.values,
        described: table.counts.map((_, category) => describeCategory(table, category, n)),
        unknown: describeCategory(table, undefined, n),
      }),
    );
  }
  const encoded = parts.length > 1 ? addSideBySide(builder, parts) : parts[0]!;
  return addTreeEnsemble(builder, encoded, ensemble);
}

/** A model of symmetric trees as a model of its own, as `treeEnsembleOnnx`. */
export function symmetricBoostingOnnx(model: SymmetricModel, options: ClassifierOnnxOptions): Uint8Array {
  const builder = new OnnxGraphBuilder(options.name);
  const margin = addSymmetricBoosting(builder, addFeatures(builder, model.encoding.d), model);
  addClassification(builder, addProbability(builder, margin, options.calibration), options.threshold);
  return builder.bytes(options);
}
