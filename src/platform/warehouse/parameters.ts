/** A value that a statement names; its kind says how it is bound. */
export type Parameter =
  | readonly ['text' | 'timestamp', string]
  | readonly ['integer', number]
  | readonly ['texts', readonly string[]]
  | readonly ['vector', Float32Array];
export type Parameters = Readonly<Record<string, Parameter>>;

/** Conditions joined by AND, with the parameters that they name. */
export class Conditions {
  private readonly parts: string[] = [];
  private readonly bound: Record<string, Parameter> = {};

  add(condition: string, parameters: Parameters = {}): this {
    this.parts.push(condition);
    Object.assign(this.bound, parameters);
    return this;
  }

  get sql(): string {
    return this.parts.length === 0 ? 'TRUE' : this.parts.join(' AND ');
  }

  get parameters(): Parameters {
    return this.bound;
  }
}
