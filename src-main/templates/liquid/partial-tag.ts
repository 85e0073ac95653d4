import {
  Tag,
  toValueSync,
  type Context,
  type Emitter,
  type Liquid,
  type TagToken,
  type Template,
  type TopLevelToken,
} from 'liquidjs';

/** The partials that a text may use, by name, and a key that stands for exactly these. */
export interface Partials {
  readonly key: string;
  readonly texts: ReadonlyMap<string, string>;
}
export const NO_PARTIALS: Partials = { key: '', texts: new Map() };

const NAME = /^\s*(["'])([A-Za-z_][\w-]*)\1\s*$/;

/**
 * `{% render "tone" %}`: a partial's text in this place. As in Liquid, it sees the prompt's variables and nothing that
 * the text around it assigns. Liquid's own tag would read files.
 */
export class PartialTag extends Tag {
  readonly partial: string;
  /** Set once the whole text is parsed (`compile`). */
  nodes: Template[] = [];
  /** Of the partial's text, in characters. */
  length = 0;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    const name = NAME.exec(token.args)?.[2];
    if (name === undefined) {
      throw new Error('it takes the name of a partial in quotes and nothing else, as in {% render "tone" %}');
    }
    this.partial = name;
  }

  *render(context: Context, emitter: Emitter): Generator<unknown, void> {
    // The engine counts what its own tags create, and so not the same text a thousand times.
    context.memoryLimit.use(this.length * 2);
    const own = context.spawn(context.environments);
    yield this.liquid.renderer.renderTemplates(this.nodes, own, emitter);
  }

  /** Where the tag is: line and column, from 1. */
  get place(): readonly [line: number, column: number] {
    const [line = 1, column = 1] = this.token.getPosition();
    return [line, column];
  }
}

/** The partial tags of a text, in order of appearance, those inside other tags included. */
export function partialTags(nodes: readonly Template[]): PartialTag[] {
  const found: PartialTag[] = [];
  for (const node of everyNode(nodes)) if (node instanceof PartialTag) found.push(node);
  return found.toSorted((a, b) => a.token.begin - b.token.begin);
}

/** Every node of a parsed text. An explicit stack: the engine parses texts that nest too deeply for recursion. */
export function* everyNode(nodes: readonly Template[]): Generator<Template, void> {
  const waiting = [...nodes];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    if (node.children) waiting.push(...toValueSync(node.children(false, true)));
  }
}
