import { QuarterdeckError, type Culprit, type ErrorCode } from '../../contracts';
import { treeFault } from './checkTrees';
import { readModelView, type AttributeView, type ModelView, type TensorView } from './onnxView';
import { operatorsByDomain } from './operators';

export interface OnnxLimits {
  readonly largestModelBytes: number;
}

/** What a file that passed says of itself. */
export interface CheckedOnnxModel {
  readonly nodes: number;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Larger graphs than those of models of tables; each node costs memory and time when it is loaded. */
const mostNodes = 20_000;
/** The runtime's own format starts with a size and this word; it would be loaded without the checks below. */
const ortFormatMark = 'ORTM';

/**
 * Holds a file to what is run here before the runtime sees it: one ONNX graph of known operators, complete in
 * itself. Nothing in such a graph names a file, holds code, or branches into another graph.
 * @throws ONNX_TOO_LARGE, ONNX_INVALID for what is no ONNX model or is cut short, ONNX_UNSUPPORTED naming what is
 * not allowed.
 */
export function checkOnnxModel(bytes: Uint8Array, limits: OnnxLimits): CheckedOnnxModel {
  if (bytes.length > limits.largestModelBytes) {
    throw refusal(
      'ONNX_TOO_LARGE',
      `it has ${bytes.length} bytes, at most ${limits.largestModelBytes} are loaded`,
    );
  }
  if (bytes.length === 0) throw refusal('ONNX_INVALID', 'it is empty');
  if (Buffer.from(bytes.subarray(4, 8)).toString('latin1') === ortFormatMark) {
    throw refusal('ONNX_INVALID', "it is in the runtime's own format");
  }
  const model = readView(bytes);
  if (model.irVersion.length !== 1 || model.graph.length !== 1 || model.opsetImport.length === 0) {
    throw refusal('ONNX_INVALID', 'it is no ONNX model');
  }
  if (model.functions.length > 0) throw refusal('ONNX_UNSUPPORTED', 'it defines functions of its own');
  if (model.trainingInfo.length > 0) throw refusal('ONNX_UNSUPPORTED', 'it holds a training graph');
  for (const { domain } of model.opsetImport) allowedOperators(only(domain));
  const graph = model.graph[0]!;
  if (graph.node.length === 0) throw refusal('ONNX_INVALID', 'its graph computes nothing');
  if (graph.node.length > mostNodes) {
    throw refusal(
      'ONNX_TOO_LARGE',
      `its graph has ${graph.node.length} nodes, at most ${mostNodes} are loaded`,
    );
  }
  if (graph.sparseInitializer.length > 0) throw refusal('ONNX_UNSUPPORTED', 'it holds sparse tensors');
  graph.initializer.forEach(checkTensor);
  for (const node of graph.node) {
    const operator = only(node.opType);
    const domain = only(node.domain);
    if (!allowedOperators(domain).has(operator)) {
      throw refusal('ONNX_UNSUPPORTED', `the operator ${label(domain, operator)} is not run here`, {
        operator,
        domain,
      });
    }
    for (const attribute of node.attribute) checkAttribute(attribute, label(domain, operator));
    const fault = treeFault(node);
    if (fault !== undefined) throw refusal('ONNX_INVALID', fault, { operator });
  }
  return { nodes: graph.node.length, metadata: metadataOf(model) };
}

function readView(bytes: Uint8Array): ModelView {
  try {
    return readModelView(bytes);
  } catch (error) {
    throw new QuarterdeckError(
      'ONNX_INVALID',
      'the ONNX model is refused: it is damaged, cut short or foreign',
      {
        cause: error,
      },
    );
  }
}

function allowedOperators(domain: string): ReadonlySet<string> {
  const allowed = operatorsByDomain.get(domain);
  if (!allowed) {
    throw refusal('ONNX_UNSUPPORTED', `it uses operators of ${domain}, which are not run here`, { domain });
  }
  return allowed;
}

function checkAttribute(attribute: AttributeView, operator: string): void {
  if (attribute.g.length > 0 || attribute.graphs.length > 0) {
    throw refusal('ONNX_UNSUPPORTED', `${operator} holds a graph of its own`, { operator });
  }
  if (attribute.refAttrName.length > 0) {
    throw refusal('ONNX_UNSUPPORTED', `${operator} refers to the attribute of a function`, { operator });
  }
  if (attribute.sparseTensor.length > 0 || attribute.sparseTensors.length > 0) {
    throw refusal('ONNX_UNSUPPORTED', 'it holds sparse tensors', { operator });
  }
  attribute.t.forEach(checkTensor);
  attribute.tensors.forEach(checkTensor);
}

function checkTensor(tensor: TensorView): void {
  if (tensor.externalData.length > 0 || tensor.dataLocation.some((location) => location !== 0)) {
    const name = tensor.name.at(-1) ?? '';
    throw refusal('ONNX_UNSUPPORTED', `the tensor ${name} refers to data outside the file`, { field: name });
  }
}

function metadataOf(model: ModelView): Map<string, string> {
  return new Map(model.metadataProps.map(({ key, value }) => [only(key), only(value)]));
}

/** The value of a field that a message has at most once; empty when it is not there. */
function only(values: readonly string[]): string {
  if (values.length > 1) throw refusal('ONNX_INVALID', 'a field that may occur once occurs twice');
  return values[0] ?? '';
}

function label(domain: string, operator: string): string {
  return domain === '' ? operator : `${domain}.${operator}`;
}

function refusal(code: ErrorCode, why: string, culprit: Culprit = {}): QuarterdeckError {
  return new QuarterdeckError(code, `the ONNX model is refused: ${why}`, { culprit });
}
