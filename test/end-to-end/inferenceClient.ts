/**
 * A client of the Open Inference Protocol, written from its specification alone (kserve/open-inference-protocol,
 * inference_rest.md; Triton's extension_binary_data.md, extension_model_repository.md and extension_statistics.md): it
 * shares no code with this project, as a client of somebody else would not.
 */
export interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: number[];
  /** Flat, row-major. */
  readonly data: (number | bigint)[];
}

export interface InferOptions {
  readonly version?: string;
  readonly id?: string;
  readonly outputs?: { readonly name: string; readonly binary?: boolean }[];
  readonly binaryInput?: boolean;
  readonly allBinary?: boolean;
  readonly headers?: Record<string, string>;
}

export interface InferAnswer {
  readonly modelName: string;
  readonly modelVersion: string | undefined;
  readonly id: string | undefined;
  readonly outputs: Map<string, Tensor>;
  readonly binaryOutputs: string[];
  readonly cookie: string | null;
}

/** What the server said of a request that it refused. */
export class InferenceServerError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const sizes: Record<string, number> = { FP32: 4, FP64: 8, INT64: 8, INT32: 4, UINT8: 1, BOOL: 1, FP16: 2 };

export class InferenceClient {
  constructor(private readonly url: string) {}

  async get(path: string): Promise<unknown> {
    return this.json(await fetch(`${this.url}/${path}`));
  }

  async post(path: string, body: unknown): Promise<unknown> {
    return this.json(await fetch(`${this.url}/${path}`, { method: 'POST', body: JSON.stringify(body) }));
  }

  async infer(model: string, inputs: Tensor[], options: InferOptions = {}): Promise<InferAnswer> {
    const blobs: Buffer[] = [];
    const request = {
      ...(options.id !== undefined && { id: options.id }),
      ...(options.allBinary && { parameters: { binary_data_output: true } }),
      inputs: inputs.map(({ name, datatype, shape, data }) => {
        if (!options.binaryInput) return { name, datatype, shape, data };
        const bytes = packed(datatype, data);
        blobs.push(bytes);
        return { name, datatype, shape, parameters: { binary_data_size: bytes.length } };
      }),
      ...(options.outputs && {
        outputs: options.outputs.map(({ name, binary }) => ({
          name,
          ...(binary !== undefined && { parameters: { binary_data: binary } }),
        })),
      }),
    };
    const header = Buffer.from(JSON.stringify(request));
    const version = options.version === undefined ? '' : `/versions/${options.version}`;
    const response = await fetch(`${this.url}/v2/models/${model}${version}/infer`, {
      method: 'POST',
      body: Buffer.concat([header, ...blobs]),
      headers: {
        ...options.headers,
        'content-type': options.binaryInput ? 'application/octet-stream' : 'application/json',
        ...(options.binaryInput && { 'inference-header-content-length': String(header.length) }),
      },
    });
    return this.answer(response);
  }

  private async answer(response: Response): Promise<InferAnswer> {
    const body = Buffer.from(await response.arrayBuffer());
    const headerLength = response.headers.get('inference-header-content-length');
    const end = headerLength === null ? body.length : Number(headerLength);
    const document = JSON.parse(body.subarray(0, end).toString('utf8')) as Record<string, unknown>;
    if (!response.ok) throw new InferenceServerError(response.status, document['error'] as string);
    let offset = end;
    const binaryOutputs: string[] = [];
    const outputs = new Map<string, Tensor>();
    for (const output of document['outputs'] as Record<string, unknown>[]) {
      const { name, datatype, shape } = output as { name: string; datatype: string; shape: number[] };
      const size = (output['parameters'] as Record<string, number> | undefined)?.['binary_data_size'];
      if (size === undefined) {
        outputs.set(name, { name, datatype, shape, data: output['data'] as number[] });
        continue;
      }
      binaryOutputs.push(name);
      outputs.set(name, {
        name,
        datatype,
        shape,
        data: unpacked(datatype, body.subarray(offset, offset + size)),
      });
      offset += size;
    }
    if (offset !== body.length) throw new Error(`${body.length - offset} bytes belong to no output`);
    return {
      modelName: document['model_name'] as string,
      modelVersion: document['model_version'] as string | undefined,
      id: document['id'] as string | undefined,
      outputs,
      binaryOutputs,
      cookie: response.headers.get('set-cookie'),
    };
  }

  private async json(response: Response): Promise<unknown> {
    const document = (await response.json()) as { error?: string };
    if (!response.ok) throw new InferenceServerError(response.status, document.error ?? '');
    return document;
  }
}

function packed(datatype: string, data: readonly (number | bigint)[]): Buffer {
  const size = sizes[datatype]!;
  const bytes = Buffer.alloc(size * data.length);
  data.forEach((value, index) => {
    const at = index * size;
    if (datatype === 'FP32') bytes.writeFloatLE(Number(value), at);
    else if (datatype === 'FP64') bytes.writeDoubleLE(Number(value), at);
    else if (datatype === 'INT64') bytes.writeBigInt64LE(BigInt(value), at);
    else if (datatype === 'INT32') bytes.writeInt32LE(Number(value), at);
    else if (datatype === 'FP16') bytes.writeUInt16LE(Number(value), at);
    else bytes.writeUInt8(Number(value), at);
  });
  return bytes;
}

function unpacked(datatype: string, bytes: Buffer): (number | bigint)[] {
  const values: (number | bigint)[] = [];
  for (let at = 0; at < bytes.length; at += sizes[datatype]!) {
    values.push(datatype === 'INT64' ? bytes.readBigInt64LE(at) : bytes.readFloatLE(at));
  }
  return values;
}
