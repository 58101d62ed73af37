/**
 * Operators that are run: those of models of tables, as this project, skl2onnx, onnxmltools and CatBoost write
 * them. Left out is what holds graphs or functions (If, Loop, Scan), what makes tensors of a size given by data
 * (ConstantOfShape, Expand, Tile, Range, Pad, Resize), and what draws random numbers.
 */
const standard = `
  Abs Add And ArgMax ArgMin Cast Ceil Clip Concat Constant Div Equal Erf Exp Flatten Floor Gather GatherElements
  Gemm Greater GreaterOrEqual Identity IsInf IsNaN LeakyRelu Less LessOrEqual Log LogSoftmax MatMul Max Mean Min
  Mod Mul Neg Not Or Pow Reciprocal ReduceL1 ReduceL2 ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd
  ReduceSum ReduceSumSquare Relu Reshape Round Shape Sigmoid Sign Slice Softmax Softplus Split Sqrt Squeeze Sub
  Sum Tanh TopK Transpose Unsqueeze Where Xor`;
const machineLearning = `
  ArrayFeatureExtractor Binarizer FeatureVectorizer Imputer LinearClassifier LinearRegressor Normalizer Scaler
  SVMClassifier SVMRegressor TreeEnsembleClassifier TreeEnsembleRegressor`;

const namesIn = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** The empty name and `ai.onnx` are the same domain. */
export const operatorsByDomain: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['', namesIn(standard)],
  ['ai.onnx', namesIn(standard)],
  ['ai.onnx.ml', namesIn(machineLearning)],
]);
