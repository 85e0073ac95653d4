import type { Random } from './prng';

/** Cheap deterministic prose about a prompt: varied enough to compress and to compare like real answers. */

type Sentence = (topic: string, random: Random) => string;

const ASPECTS = [
  'price', 'availability', 'durability', 'customer support', 'local regulation', 'delivery time', 'reputation',
  'energy use', 'ease of setup', 'long-term cost', 'privacy', 'accessibility', 'documentation', 'warranty terms',
  'seasonal demand', 'maintenance effort', 'training needs', 'market share', 'data quality', 'user feedback',
] as const; // prettier-ignore

const JUDGEMENTS = [
  'a clear advantage', 'a common weakness', 'an open question', 'the deciding factor', 'a minor concern',
  'a frequent complaint', 'the safest starting point', 'worth a closer look', 'easy to underestimate',
  'well understood by now', 'more important than it first appears', 'rarely the bottleneck',
] as const; // prettier-ignore

const GROUPS = [
  'small teams', 'first-time buyers', 'experienced users', 'public institutions', 'families', 'independent reviewers',
  'regional retailers', 'larger companies', 'researchers', 'most practitioners', 'price-conscious customers',
] as const; // prettier-ignore

const ACTIONS = [
  'compare at least three options', 'write down the two or three requirements that really matter',
  'run a short trial before committing', 'ask for recent references', 'check the terms once a year',
  'start small and measure the result', 'set a budget first', 'separate facts from marketing claims',
  'keep a record of every assumption', 'review the decision after a month',
] as const; // prettier-ignore

const SENTENCES: readonly [Sentence, ...Sentence[]] = [
  (topic, r) => `When it comes to ${topic}, ${r.pick(ASPECTS)} is usually ${r.pick(JUDGEMENTS)}.`,
  (_, r) => `For ${r.pick(GROUPS)}, ${r.pick(ASPECTS)} and ${r.pick(ASPECTS)} tend to outweigh everything else.`,
  (_, r) => `About ${20 + r.int(60)} percent of ${r.pick(GROUPS)} name ${r.pick(ASPECTS)} as ${r.pick(JUDGEMENTS)}.`,
  (_, r) => `It helps to ${r.pick(ACTIONS)}, and then to ${r.pick(ACTIONS)}.`,
  (topic, r) => `Views on ${topic} differ: ${r.pick(GROUPS)} stress ${r.pick(ASPECTS)}, while ${r.pick(GROUPS)} look at ${r.pick(ASPECTS)}.`,
  (_, r) => `Compared with ${2018 + r.int(6)}, ${r.pick(ASPECTS)} has become ${r.pick(JUDGEMENTS)}.`,
  (_, r) => `A sensible order is to look at ${r.pick(ASPECTS)} first, ${r.pick(ASPECTS)} second and ${r.pick(ASPECTS)} last.`,
  (topic, r) => `Anyone working on ${topic} should ${r.pick(ACTIONS)}.`,
  (_, r) => `The evidence on ${r.pick(ASPECTS)} is thinner than ${r.pick(GROUPS)} often assume.`,
  (_, r) => `In practice, ${r.pick(ASPECTS)} turned out to be ${r.pick(JUDGEMENTS)} in ${2 + r.int(7)} of ${9 + r.int(6)} cases.`,
  (_, r) => `If ${r.pick(ASPECTS)} matters most, ${r.pick(ACTIONS)}; otherwise ${r.pick(ASPECTS)} is ${r.pick(JUDGEMENTS)}.`,
  (topic, r) => `One caveat about ${topic}: ${r.pick(ASPECTS)} changes quickly, so figures older than ${6 + r.int(18)} months should be checked again.`,
]; // prettier-ignore

/** The last sentence sums up, so that a whole answer can be told from a cut one. */
const CLOSING: Sentence = (topic, r) =>
  `In short, ${topic} rewards a plain approach: ${r.pick(ACTIONS)}, and treat ${r.pick(ASPECTS)} as ${r.pick(JUDGEMENTS)}.`;

/** What the prompt is about: a few of its own words. */
export function topicOf(prompt: string, random: Random): string {
  const words = prompt.slice(0, 2_000).match(/[\p{L}\p{N}][\p{L}\p{N}'-]*/gu) ?? [];
  if (words.length === 0) return 'this question';
  const start = words.length <= 5 ? 0 : random.int(words.length - 4);
  return words
    .slice(start, start + 5)
    .join(' ')
    .slice(0, 80);
}

/** Sentences about the topic, about `targetChars` long in all. */
export function proseSentences(topic: string, random: Random, targetChars: number): string[] {
  const sentences: string[] = [];
  let length = 0;
  while (length < targetChars - 120) {
    const sentence = random.pick(SENTENCES)(topic, random);
    sentences.push(sentence);
    length += sentence.length + 1;
  }
  sentences.push(CLOSING(topic, random));
  return sentences;
}

/** A short phrase for a field of a JSON answer. */
export function phrase(name: string, topic: string, random: Random): string {
  const label = name === '' ? 'Note' : name.replaceAll(/[_-]+/g, ' ');
  return `${label} on ${topic}: ${random.pick(ASPECTS)} is ${random.pick(JUDGEMENTS)}`;
}

export function searchQuery(topic: string, random: Random): string {
  return `${topic} ${random.pick(ASPECTS)}`;
}

/** What a hostile or confused model may say; each line must stay inert wherever it is shown. */
export const HOSTILE_LINES = [
  '<script>globalThis.pwned = 1</script><img src=x onerror="globalThis.pwned=2">',
  '<svg/onload=globalThis.pwned=3><iframe srcdoc="<script>parent.pwned=4</script>"></iframe>',
  '[click](javascript:globalThis.pwned=5) ![beacon](https://attacker.example/p.png?leak=1)',
  '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u001b]8;;https://attacker.example\u0007link\u001b]8;;\u0007 \u001b[2J',
  '=HYPERLINK("https://attacker.example","open") +cmd|\' /C calc\'!A0 @SUM(1+1)',
  '{{ "now" | date: "%Y" }} ${7*7} {% include "/etc/passwd" %}',
  '\u202Etxt.exe\u202C zero\u200Bwidth nul\u0000byte lone\uD800surrogate',
  '{"__proto__":{"polluted":true}} </textarea></style></title>--></pre>',
] as const;
