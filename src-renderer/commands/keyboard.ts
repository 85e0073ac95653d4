import { useEffect } from 'react';
import { preferences } from '../preferences';
import { COMMAND_IDS, COMMANDS, type CommandId } from './catalogue';
import { isSingleKey, parseKeys, sameStroke, strokeOf, type Stroke } from './keys';
import { showNotice } from './notice';
import { commandState } from './registry';

interface Binding {
  readonly id: CommandId;
  readonly strokes: readonly Stroke[];
  readonly within: string | undefined;
}

const ALL: readonly Binding[] = COMMAND_IDS.flatMap((id) =>
  (COMMANDS[id].keys ?? []).map((keys) => ({ id, strokes: parseKeys(keys), within: COMMANDS[id].within })),
);
const BINDINGS = ALL.filter(({ id }) => !COMMANDS[id].whileTyping);
const WHILE_TYPING = ALL.filter(({ id }) => COMMANDS[id].whileTyping);

/** A sequence such as `g t` must be typed within this time. */
const SEQUENCE_MS = 1200;

/** The window's single listener for all shortcuts. */
export function useKeyboard(): void {
  useEffect(() => {
    let prefix: { stroke: Stroke; at: number } | undefined;
    /** A key that is first for the text field that it is pressed in. */
    let forField: KeyboardEvent | undefined;

    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isModifier(event.key)) return;
      const target = event.target instanceof Element ? event.target : null;
      const stroke = strokeOf(event);
      // Asked before the field acts: a list that Escape closes is open now.
      if (isTyping(target) && mayListen(stroke, target) && !isForSearch(stroke, target)) forField = event;
      const started = prefix && event.timeStamp - prefix.at < SEQUENCE_MS ? prefix.stroke : undefined;
      prefix = undefined;
      if (!mayListen(stroke, target)) return;

      const matches = BINDINGS.filter((binding) => {
        const [first, second] = binding.strokes;
        if (binding.within && !target?.closest(`[data-keys="${binding.within}"]`)) return false;
        if (!first) return false;
        if (!second) return !started && sameStroke(first, stroke);
        return started !== undefined && sameStroke(first, started) && sameStroke(second, stroke);
      });
      if (matches.length === 0) {
        if (!started && startsSequence(stroke)) prefix = { stroke, at: event.timeStamp };
        return;
      }
      dispatch(matches, stroke, event);
    };

    const afterField = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event !== forField) return;
      const stroke = strokeOf(event);
      const matches = WHILE_TYPING.filter(({ strokes: [first] }) => first && sameStroke(first, stroke));
      if (matches.length > 0) dispatch(matches, stroke, event);
    };

    // Capturing, to see Mod+Enter and the like before an editor does.
    window.addEventListener('keydown', onKeyDown, true);
    window.addEventListener('keydown', afterField);
    return () => {
      window.removeEventListener('keydown', onKeyDown, true);
      window.removeEventListener('keydown', afterField);
    };
  }, []);
}

function dispatch(matches: readonly Binding[], stroke: Stroke, event: KeyboardEvent): void {
  // Inside an element with its own keys, those take precedence; a disabled one reports why.
  const own = matches.filter(({ id, within }) => within !== undefined && commandState(id).attached);
  const states = (own.length > 0 ? own : matches).map((binding) => commandState(binding.id));
  const ready = states.find((state) => state.disabled === null);
  const refused = states.find((state) => state.attached) ?? (stroke.mod ? states[0] : undefined);
  const chosen = ready ?? refused;
  if (!chosen) return;
  event.preventDefault();
  event.stopPropagation();
  if (chosen.disabled === null) chosen.run();
  else showNotice(`${COMMANDS[chosen.id].title}: ${chosen.disabled}`);
}

function startsSequence(stroke: Stroke): boolean {
  return BINDINGS.some(({ strokes: [first, second] }) => first && second && sameStroke(first, stroke));
}

function isModifier(key: string): boolean {
  return key === 'Control' || key === 'Shift' || key === 'Alt' || key === 'Meta';
}

/** Keys go first to whatever has focus: a text field, an open dialog or list, a control. */
function mayListen(stroke: Stroke, target: Element | null): boolean {
  if (target?.closest('[role="dialog"], [role="listbox"], [role="menu"]')) return false;
  // A plain letter is not a shortcut while nothing has focus.
  if (isSingleKey(stroke) && (target === document.body || !preferences.getState().singleKeys)) return false;
  if (stroke.mod || /^F\d/.test(stroke.key)) return true;
  if (isTyping(target)) return stroke.key === 'Escape' && target?.getAttribute('aria-expanded') !== 'true';
  if (stroke.key === 'Enter' || stroke.key === 'Space' || stroke.key.startsWith('Arrow')) {
    return !target?.closest(
      'a, button, summary, [role="tab"], [role="button"], [role="separator"], [role="radio"], [role="switch"], input',
    );
  }
  return true;
}

/** Escape empties a search field first, as browsers have it. */
function isForSearch({ key }: Stroke, target: Element | null): boolean {
  return (
    key === 'Escape' && target instanceof HTMLInputElement && target.type === 'search' && target.value !== ''
  );
}

const NOT_TEXT = new Set(['button', 'checkbox', 'file', 'radio', 'range', 'reset', 'submit']);

function isTyping(target: Element | null): boolean {
  if (!target) return false;
  if (target instanceof HTMLInputElement) return !NOT_TEXT.has(target.type);
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLElement && target.isContentEditable;
}
