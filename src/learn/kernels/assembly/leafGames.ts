// The Shapley values of one leaf's game for many rows (TreeSHAP, path dependent). Which elements of the path a
// row follows is a set of bits; rows with the same set get the same values, so short paths keep a table of them
// that is filled as sets turn up. Pointers are byte offsets into the module's own memory.
//
// An element of a path has 24 bytes: share of the training rows that follow (f64), column (u32), lower and upper
// border (f32), and whether missing values follow (u32).

const ELEMENT_BYTES: usize = 24;

/** First byte that the caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

/**
 * Adds the leaf's values for `rows` rows (a multiple of four) to `sums` (columns × rows, f64). `values` are
 * columns × rows, f32. `masks` holds a word per row. `table` holds a value per set and element and `filled` a byte
 * per set, or are 0 for paths that are too long for it; `weights` are those of sets among `length` players;
 * `coefficients` holds length + 1 numbers.
 */
export function addTabled(
  leafValue: f64,
  elements: usize,
  length: i32,
  values: usize,
  sums: usize,
  rows: i32,
  masks: usize,
  table: usize,
  filled: usize,
  weights: usize,
  coefficients: usize,
): void {
  memory.fill(filled, 0, (<usize>1) << (<usize>length));
  memory.fill(masks, 0, (<usize>rows) << 2);
  for (let index = 0; index < length; index++) {
    const element = elements + <usize>index * ELEMENT_BYTES;
    const bit = i32x4.splat(1 << index);
    const lower = f32x4.splat(load<f32>(element, 12));
    const upper = f32x4.splat(load<f32>(element, 16));
    const missing = i32x4.splat(load<u32>(element, 20) ? -1 : 0);
    const column = values + <usize>load<u32>(element, 8) * ((<usize>rows) << 2);
    for (let offset: usize = 0; offset < (<usize>rows) << 2; offset += 16) {
      const value = v128.load(column + offset);
      const inside = v128.and(f32x4.ge(value, lower), f32x4.lt(value, upper));
      const follows = v128.or(inside, v128.and(f32x4.ne(value, value), missing));
      v128.store(masks + offset, v128.or(v128.load(masks + offset), v128.and(follows, bit)));
    }
  }
  for (let offset: usize = 0; offset < (<usize>rows) << 2; offset += 4) {
    const mask = load<u32>(masks + offset);
    if (load<u8>(filled + mask)) continue;
    store<u8>(filled + mask, 1);
    const row = table + <usize>mask * ((<usize>length) << 3);
    for (let index = 0; index < length; index++) {
      store<u8>(coefficients + ((<usize>(length + 1)) << 3) + <usize>index, <u8>((mask >> index) & 1));
    }
    playGame(leafValue, elements, length, weights, coefficients, row);
  }
  for (let index = 0; index < length; index++) {
    const element = elements + <usize>index * ELEMENT_BYTES;
    const column = sums + <usize>load<u32>(element, 8) * ((<usize>rows) << 3);
    const own = table + ((<usize>index) << 3);
    for (let row: usize = 0; row < <usize>rows; row++) {
      const value = load<f64>(own + <usize>load<u32>(masks + (row << 2)) * ((<usize>length) << 3));
      store<f64>(column + (row << 3), load<f64>(column + (row << 3)) + value);
    }
  }
}

/** As `addTabled`, working every row out by itself. `answer` holds a number per element. */
export function addDirectly(
  leafValue: f64,
  elements: usize,
  length: i32,
  values: usize,
  sums: usize,
  rows: i32,
  weights: usize,
  coefficients: usize,
  answer: usize,
): void {
  for (let row: usize = 0; row < <usize>rows; row++) {
    for (let index = 0; index < length; index++) {
      const element = elements + <usize>index * ELEMENT_BYTES;
      const value = load<f32>(values + ((<usize>load<u32>(element, 8) * <usize>rows + row) << 2));
      const inside = value >= load<f32>(element, 12) && value < load<f32>(element, 16);
      const follows = inside || (value != value && load<u32>(element, 20) != 0);
      store<u8>(coefficients + ((<usize>(length + 1)) << 3) + <usize>index, follows ? 1 : 0);
    }
    playGame(leafValue, elements, length, weights, coefficients, answer);
    for (let index = 0; index < length; index++) {
      const column = <usize>load<u32>(elements + <usize>index * ELEMENT_BYTES, 8);
      const at = sums + ((column * <usize>rows + row) << 3);
      store<f64>(at, load<f64>(at) + load<f64>(answer + ((<usize>index) << 3)));
    }
  }
}

/**
 * The Shapley values of one set. The game is the product of (zᵢ + oᵢ t) over the elements, z being the share and
 * o (a byte each, behind the coefficients) whether the row follows.
 */
function playGame(
  leafValue: f64,
  elements: usize,
  length: i32,
  weights: usize,
  coefficients: usize,
  answer: usize,
): void {
  const follows = coefficients + ((<usize>(length + 1)) << 3);
  memory.fill(coefficients, 0, (<usize>(length + 1)) << 3);
  store<f64>(coefficients, 1);
  for (let index = 0; index < length; index++) {
    const z = load<f64>(elements + <usize>index * ELEMENT_BYTES);
    const o = <f64>load<u8>(follows + <usize>index);
    for (let power = index + 1; power > 0; power--) {
      const at = coefficients + ((<usize>power) << 3);
      store<f64>(at, load<f64>(at) * z + o * load<f64>(at - 8));
    }
    store<f64>(coefficients, load<f64>(coefficients) * z);
  }
  let absent: f64 = 0;
  for (let power = 0; power < length; power++) {
    const offset = (<usize>power) << 3;
    absent += load<f64>(coefficients + offset) * load<f64>(weights + offset);
  }
  for (let index = 0; index < length; index++) {
    let share = -absent;
    if (load<u8>(follows + <usize>index)) {
      // The product without this element: divided by (z + t) from its highest power down.
      const z = load<f64>(elements + <usize>index * ELEMENT_BYTES);
      let quotient = load<f64>(coefficients + ((<usize>length) << 3));
      let sum = quotient * load<f64>(weights + ((<usize>(length - 1)) << 3));
      for (let power = length - 1; power > 0; power--) {
        quotient = load<f64>(coefficients + ((<usize>power) << 3)) - z * quotient;
        sum += quotient * load<f64>(weights + ((<usize>(power - 1)) << 3));
      }
      share = (1 - z) * sum;
    }
    store<f64>(answer + ((<usize>index) << 3), share * leafValue);
  }
}
