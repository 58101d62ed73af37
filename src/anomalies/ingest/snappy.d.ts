/** snappyjs 0.7.0 has no types of its own. */
declare module 'snappyjs' {
  /** Throws when the data is damaged, or announces more than `maximumLength` bytes. */
  export function uncompress(compressed: Uint8Array, maximumLength?: number): Uint8Array;
  export function compress(uncompressed: Uint8Array): Uint8Array;
}
