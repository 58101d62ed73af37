import { estimateTokens, sentencesOf, wordsOf } from './sentences';

/**
 * Extractive summary of a ticket: its title, then the sentences of its description that say most, in their order.
 * Sentences are ranked by centrality in the graph of shared words (Mihalcea and Tarau, TextRank, 2004, with
 * TF-IDF cosine as the weight, as in Erkan and Radev, LexRank, 2004), with a bonus for the first ones, where people
 * say what is wrong.
 */

/** Sentences that are ranked; of a longer text the first ones and the last ones. */
const rankedSentences = 120;
const rankedFromTheEnd = 30;
const damping = 0.85;
const iterations = 20;
/** Added to the rank, which averages 1: the first sentence counts like two, the third like 1.3. */
const positionBonus = [1, 0.6, 0.3] as const;

/**
 * @param shortDescription,description cleaned text.
 * @param options.tokens most tokens of the answer, by estimateTokens.
 */
export function summarize(
  shortDescription: string,
  description: string,
  options: { readonly tokens: number },
): string {
  const title = shortDescription.replaceAll('\n', ' ').trim();
  const body = withoutTitle(title, description.trim());
  if (body === '') return within(title, options.tokens);
  const sentences = withoutRepeats(sentencesOf(body), title);
  const separator = title === '' || /[.!?:…]$/.test(title) ? ' ' : '. ';
  const join = (chosen: readonly string[]): string =>
    (title === ''
      ? chosen.join(' ')
      : [title, ...chosen.slice(0, 1)].join(separator) +
        chosen
          .slice(1)
          .map((s) => ` ${s}`)
          .join('')
    ).trim();
  const whole = join(sentences);
  if (estimateTokens(whole) <= options.tokens) return whole;
  const head = within(title, options.tokens);
  let left = options.tokens - estimateTokens(head) - 2;
  const chosen = new Set<number>();
  for (const index of byImportance(sentences)) {
    const cost = estimateTokens(sentences[index]!) + 1;
    if (cost > left) continue;
    chosen.add(index);
    left -= cost;
  }
  const kept = sentences.filter((_, index) => chosen.has(index));
  if (kept.length === 0 && left > 0) kept.push(within(sentences[0] ?? '', left));
  return within(head === title ? join(kept) : head, options.tokens);
}

/** A description often starts by repeating the title; a title made from the description always does. */
function withoutTitle(title: string, body: string): string {
  return title !== '' && body.replaceAll('\n', ' ').toLowerCase().startsWith(title.toLowerCase())
    ? body.slice(title.length).replace(/^[\s.,:;!?-]+/, '')
    : body;
}

function withoutRepeats(sentences: readonly string[], title: string): string[] {
  const seen = new Set([wordsOf(title).join(' ')]);
  return sentences.filter((sentence) => {
    const words = wordsOf(sentence).join(' ');
    if (words === '' || seen.has(words)) return false;
    seen.add(words);
    return true;
  });
}

/** Positions of the sentences, the most important first. */
function byImportance(sentences: readonly string[]): number[] {
  const positions = sentences.map((_, index) => index);
  const ranked =
    sentences.length <= rankedSentences
      ? positions
      : [...positions.slice(0, rankedSentences - rankedFromTheEnd), ...positions.slice(-rankedFromTheEnd)];
  const scores = centrality(ranked.map((index) => wordsOf(sentences[index]!)));
  return ranked
    .map((index, place) => ({ index, score: scores[place]! + (positionBonus[index] ?? 0) }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ index }) => index);
}

/** PageRank over the cosine similarities of TF-IDF vectors; 1 on average. */
function centrality(documents: readonly (readonly string[])[]): Float64Array {
  const n = documents.length;
  const vectors = weighted(documents);
  const similarity = new Float64Array(n * n);
  const outgoing = new Float64Array(n);
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      let dot = 0;
      for (const [word, weight] of vectors[a]!) dot += weight * (vectors[b]!.get(word) ?? 0);
      similarity[a * n + b] = dot;
      similarity[b * n + a] = dot;
      outgoing[a]! += dot;
      outgoing[b]! += dot;
    }
  }
  let rank = new Float64Array(n).fill(1);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const next = new Float64Array(n).fill(1 - damping);
    for (let a = 0; a < n; a++) {
      if (outgoing[a] === 0) continue;
      const share = (damping * rank[a]!) / outgoing[a]!;
      for (let b = 0; b < n; b++) next[b]! += share * similarity[a * n + b]!;
    }
    rank = next;
  }
  return rank;
}

function weighted(documents: readonly (readonly string[])[]): Map<string, number>[] {
  const frequency = new Map<string, number>();
  for (const words of documents) {
    for (const word of new Set(words)) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  }
  return documents.map((words) => {
    const vector = new Map<string, number>();
    for (const word of words) vector.set(word, (vector.get(word) ?? 0) + 1);
    let square = 0;
    for (const [word, count] of vector) {
      const weight = (1 + Math.log(count)) * Math.log(1 + documents.length / frequency.get(word)!);
      vector.set(word, weight);
      square += weight * weight;
    }
    const norm = Math.sqrt(square) || 1;
    for (const [word, weight] of vector) vector.set(word, weight / norm);
    return vector;
  });
}

/** The text's first words, as many as the tokens allow. */
function within(text: string, tokens: number): string {
  if (estimateTokens(text) <= tokens) return text;
  const words = text.split(/\s+/);
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (estimateTokens(words.slice(0, middle).join(' ')) <= tokens) low = middle;
    else high = middle - 1;
  }
  return words.slice(0, low).join(' ');
}
