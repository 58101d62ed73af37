/** Parts whose ends are this near are sorted by insertion. */
const shortPart = 15;

/**
 * Order of `keys` from least to largest by quicksort with a median of three and insertion sort for short parts
 * (Sedgewick 1978; Musser 1997), which is what numpy's default `argsort` does. Equal keys come out in the order
 * that this very procedure leaves them in: the Python package sorts edges so, and its hierarchy shows it.
 */
export function introsort(keys: Float64Array): Int32Array {
  const order = Int32Array.from({ length: keys.length }, (_, index) => index);
  const swap = (a: number, b: number): void => {
    const held = order[a]!;
    order[a] = order[b]!;
    order[b] = held;
  };
  const key = (at: number): number => keys[order[at]!]!;
  const sortPart = (start: number, end: number, depth: number): void => {
    let low = start;
    let high = end;
    let left = depth;
    while (high - low > shortPart) {
      if (left < 0) {
        heapsort(keys, order, low, high);
        return;
      }
      const middle = low + ((high - low) >> 1);
      if (key(middle) < key(low)) swap(middle, low);
      if (key(high) < key(middle)) swap(high, middle);
      if (key(middle) < key(low)) swap(middle, low);
      const pivot = key(middle);
      let up = low;
      let down = high - 1;
      swap(middle, down);
      for (;;) {
        do up++;
        while (key(up) < pivot);
        do down--;
        while (pivot < key(down));
        if (up >= down) break;
        swap(up, down);
      }
      swap(up, high - 1);
      left--;
      // The parts are independent; the shorter one goes into the recursion.
      if (up - low < high - up) {
        sortPart(low, up - 1, left);
        low = up + 1;
      } else {
        sortPart(up + 1, high, left);
        high = up - 1;
      }
    }
    insertionSort(keys, order, low, high);
  };
  sortPart(0, keys.length - 1, 2 * Math.floor(Math.log2(Math.max(keys.length, 1))));
  return order;
}

function insertionSort(keys: Float64Array, order: Int32Array, low: number, high: number): void {
  for (let next = low + 1; next <= high; next++) {
    const item = order[next]!;
    let at = next;
    while (at > low && keys[item]! < keys[order[at - 1]!]!) {
      order[at] = order[at - 1]!;
      at--;
    }
    order[at] = item;
  }
}

function heapsort(keys: Float64Array, order: Int32Array, low: number, high: number): void {
  const count = high - low + 1;
  const sink = (from: number, size: number): void => {
    const item = order[low + from]!;
    let at = from;
    for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && keys[order[low + child]!]! < keys[order[low + child + 1]!]!) child++;
      if (keys[item]! >= keys[order[low + child]!]!) break;
      order[low + at] = order[low + child]!;
      at = child;
    }
    order[low + at] = item;
  };
  for (let from = (count >> 1) - 1; from >= 0; from--) sink(from, count);
  for (let size = count - 1; size > 0; size--) {
    const largest = order[low]!;
    order[low] = order[low + size]!;
    order[low + size] = largest;
    sink(0, size);
  }
}
