import { stem } from '../../learn/text';

/** A term of a cluster and how much it sets the cluster apart, as class-based TF-IDF weighs it. */
export interface Keyword {
  readonly term: string;
  readonly weight: number;
}

/** As many terms as a heading holds at a glance. */
const topicTerms = 3;

/**
 * A heading for each cluster from its keywords alone, and no two alike within the centre.
 * @param keywords per cluster, heaviest first; may be empty for a cluster of texts without words
 */
export function topicsFromKeywords(keywords: readonly (readonly Keyword[])[]): string[] {
  const taken = new Set<string>();
  return keywords.map((terms) => {
    const distinct = distinctTerms(terms);
    for (let count = topicTerms; count <= distinct.length; count++) {
      const topic = heading(distinct.slice(0, count));
      if (claim(taken, topic)) return topic;
    }
    const short = distinct.length > 0 ? heading(distinct.slice(0, topicTerms)) : 'Unnamed theme';
    return uniqueTopic(taken, short);
  });
}

/** `topic`, or `topic (2)`, … when it is taken; the result is taken afterwards. */
export function uniqueTopic(taken: Set<string>, topic: string): string {
  if (claim(taken, topic)) return topic;
  let number = 2;
  while (!claim(taken, `${topic} (${number})`)) number++;
  return `${topic} (${number})`;
}

/** Terms that repeat no word of a heavier one: of `vpn`, `vpn client`, `client` the first two words are enough. */
export function distinctTerms(keywords: readonly Keyword[]): string[] {
  const words = new Set<string>();
  const result: string[] = [];
  for (const { term } of keywords) {
    const parts = term
      .toLowerCase()
      .split(' ')
      .map((word) => stem(word));
    if (parts.some((part) => words.has(part))) continue;
    for (const part of parts) words.add(part);
    result.push(term);
  }
  return result;
}

function heading(terms: readonly string[]): string {
  const text = terms.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function claim(taken: Set<string>, topic: string): boolean {
  const key = topic.toLowerCase();
  if (taken.has(key)) return false;
  taken.add(key);
  return true;
}
