/**
 * Every coded error of the project: its HTTP status, whether trying again can help, and what it means to a
 * person. docs/errors.md lists the same codes; a test holds the two together.
 */
export interface ErrorKind {
  readonly status: number;
  readonly retryable: boolean;
  readonly meaning: string;
}

const kind = (status: number, retryable: boolean, meaning: string): ErrorKind => ({
  status,
  retryable,
  meaning,
});

export const errorKinds = {
  SETTINGS_INVALID: kind(500, false, 'One or more settings are missing or malformed; each is named.'),
  INPUT_INVALID: kind(400, false, 'A value from outside does not fit its schema; the field is named.'),
  INPUT_TOO_LARGE: kind(413, false, 'A body, cell or list is over its limit.'),
  INPUT_UNSUPPORTED: kind(415, false, 'A format or encoding that is not understood; it is named.'),
  FILE_ENCODING_UNKNOWN: kind(400, false, 'The encoding of a text file cannot be told; the file is named.'),
  FILE_COLUMN_MISSING: kind(
    400,
    false,
    'A file has no column for something that is needed; the columns it has are listed.',
  ),
  FILE_MALFORMED: kind(400, false, 'A file is damaged, cut short or not of its format; the file is named.'),
  BATCH_ID_REUSED: kind(422, false, 'A batch id names another body than before.'),
  INGEST_BUSY: kind(429, true, 'More is being taken in than this process can hold; ask again later.'),
  NOT_FOUND: kind(404, false, 'The named thing does not exist.'),
  DATA_EMPTY: kind(422, false, 'No rows where at least one is needed.'),
  DATA_TOO_FEW_ROWS: kind(422, false, 'Fewer rows than the estimator needs.'),
  DATA_NOT_FINITE: kind(422, false, 'A value is NaN or infinite; row and column are named.'),
  DATA_RAGGED: kind(422, false, 'A row has another width than the first; the row is named.'),
  DATA_WIDTH_MISMATCH: kind(422, false, 'Data has another number of columns than the model was fitted on.'),
  LABELS_INVALID: kind(422, false, 'A label is neither 0 nor 1; the row is named.'),
  LABELS_ONE_CLASS: kind(422, false, 'Rows of both classes are needed, and one is missing.'),
  CLUSTERS_NOT_FOUND: kind(422, false, 'The rows are too much alike: no two clusters can be told apart.'),
  DATA_QUALITY_LOW: kind(
    422,
    false,
    'The data is not good enough to learn from; its columns with failed checks are named.',
  ),
  OBSERVATION_LATE: kind(422, false, 'A reading is older than the window that is kept; the minute is named.'),
  PARAMETER_INVALID: kind(422, false, 'An option of an estimator is outside its range; the option is named.'),
  MODEL_BYTES_INVALID: kind(500, false, 'Bytes are not a model of this kind, or are damaged.'),
  MODEL_UNSUPPORTED: kind(422, false, 'A model of a kind that cannot be served here; the reason is given.'),
  MODEL_MISSING: kind(404, false, 'No model version can be resolved for the scope.'),
  MODEL_CORRUPT: kind(500, false, "A model file is missing or differs from its manifest's size or digest."),
  ONNX_INVALID: kind(422, false, 'A file is no ONNX model, is cut short, or the runtime refuses it.'),
  ONNX_TOO_LARGE: kind(413, false, 'An ONNX model has more bytes or nodes than are loaded.'),
  ONNX_UNSUPPORTED: kind(
    422,
    false,
    'An ONNX model refers to other files or uses operators, functions or types that are not run; it is named.',
  ),
  ONNX_INPUT_INVALID: kind(422, false, 'A tensor is not what the ONNX model takes; the input is named.'),
  ONNX_FAILED: kind(500, false, 'The runtime could not compute an ONNX model.'),
  ONNX_CLOSED: kind(503, true, 'An ONNX session was closed while it was wanted.'),
  ABORTED: kind(499, false, 'The caller asked to stop.'),
  DEADLINE_EXCEEDED: kind(504, true, 'The work did not finish within its time limit.'),
  BLOB_EXISTS: kind(409, false, 'A create-only blob exists already.'),
  BLOB_CHANGED: kind(412, true, 'Somebody else changed the blob between read and write.'),
  BLOB_MISSING: kind(404, false, 'The blob does not exist.'),
  LEASE_HELD: kind(409, true, 'Somebody else holds the lease.'),
  LEASE_LOST: kind(409, true, 'The lease ended before the work did.'),
  STORAGE_UNAVAILABLE: kind(503, true, 'Blob or queue storage did not answer.'),
  STORAGE_REJECTED: kind(500, false, 'Blob or queue storage refused the request.'),
  WAREHOUSE_BUSY: kind(503, true, 'Another process holds the warehouse file.'),
  WAREHOUSE_UNAVAILABLE: kind(503, true, 'The warehouse did not answer.'),
  WAREHOUSE_REJECTED: kind(500, false, 'The warehouse refused a statement or rows.'),
  EMBEDDING_RATE_LIMITED: kind(429, true, 'The embedding service asks to slow down.'),
  EMBEDDING_UNAVAILABLE: kind(503, true, 'The embedding service did not answer.'),
  EMBEDDING_REJECTED: kind(502, false, 'The embedding service refused the request.'),
  EMBEDDING_MALFORMED: kind(502, false, 'The embedding service answered with a wrong count, width or value.'),
  LANGUAGE_MODEL_RATE_LIMITED: kind(429, true, 'The language model asks to slow down.'),
  LANGUAGE_MODEL_UNAVAILABLE: kind(503, true, 'The language model did not answer.'),
  LANGUAGE_MODEL_MALFORMED: kind(
    502,
    false,
    'The language model answered something that does not fit what was asked.',
  ),
  LANGUAGE_MODEL_REJECTED: kind(502, false, 'The language model refused the request.'),
  SOURCE_UNAVAILABLE: kind(503, true, 'A source of logs or metrics did not answer, or asks to slow down.'),
  SOURCE_REJECTED: kind(502, false, 'A source of logs or metrics refused the request; it is named.'),
  CREDENTIAL_REJECTED: kind(
    502,
    false,
    'A credential is expired, wrong or lacks a role; the service is named.',
  ),
  SECRET_MISSING: kind(500, false, 'A named secret does not exist.'),
  SECRETS_UNAVAILABLE: kind(503, true, 'The store of secrets did not answer.'),
  QUARANTINE_LIMIT: kind(500, false, 'More rows than the allowed share were quarantined; the run stops.'),
  GATE_REFUSED: kind(409, false, 'The new model version did not pass the promotion gate.'),
  CANARY_RUNNING: kind(409, false, 'A canary is under way; there is one at a time.'),
  FEATURES_MISMATCH: kind(422, false, 'Features are unknown to the model or lacking; each is named.'),
  PROMOTION_LOST: kind(409, false, 'A newer version was promoted meanwhile.'),
  FUNCTIONS_APP_INVALID: kind(
    500,
    false,
    'The functions app cannot start here; the file, function or setting is named.',
  ),
  FUNCTION_FAILED: kind(500, false, 'A function threw; its own error is the cause.'),
  HOST_ADDRESS_TAKEN: kind(500, false, 'Another process listens on the port that the host was told to use.'),
  DATA_FOLDER_UNUSABLE: kind(500, false, 'The data folder cannot be made or written to; it is named.'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;
