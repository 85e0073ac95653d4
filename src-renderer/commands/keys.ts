/** One key press of a shortcut. */
export interface Stroke {
  readonly mod: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  /** As in `KeyboardEvent.key`, but letters in lower case and a space as `Space`. */
  readonly key: string;
}

export function parseKeys(keys: string): Stroke[] {
  return keys.split(' ').map((part) => {
    const names = part.split('+');
    const key = names.at(-1) ?? '';
    return {
      mod: names.includes('Mod'),
      shift: names.includes('Shift'),
      alt: names.includes('Alt'),
      key: key.length === 1 ? key.toLowerCase() : key,
    };
  });
}

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** By `key`, never `code`: a shortcut is the letter printed on the user's layout. */
export function strokeOf(press: KeyPress): Stroke {
  const key = press.key === ' ' ? 'Space' : press.key;
  return {
    mod: press.ctrlKey || press.metaKey,
    shift: press.shiftKey,
    alt: press.altKey,
    key: key.length === 1 ? key.toLowerCase() : key,
  };
}

export function sameStroke(wanted: Stroke, pressed: Stroke): boolean {
  // Typing `?` may need Shift, so Shift counts only for keys that do not imply it.
  const shiftMatters = wanted.key.length > 1 || /[a-z0-9]/.test(wanted.key);
  return (
    wanted.key === pressed.key &&
    wanted.mod === pressed.mod &&
    wanted.alt === pressed.alt &&
    (!shiftMatters || wanted.shift === pressed.shift)
  );
}

/** A shortcut of printable keys alone, which users can switch off (WCAG 2.1.4). */
export function isSingleKey(stroke: Stroke): boolean {
  return !stroke.mod && !stroke.alt && stroke.key.length === 1;
}

const isMac = (): boolean => /mac|iphone|ipad/i.test(navigator.platform);

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};

/** Keycaps to show: `['Ctrl', 'K']`, `['g', 'then', 't']`. */
export function keyCaps(keys: string): string[] {
  return parseKeys(keys).flatMap((stroke, index) => {
    const caps: string[] = index > 0 ? ['then'] : [];
    if (stroke.mod) caps.push(isMac() ? '⌘' : 'Ctrl');
    if (stroke.alt) caps.push(isMac() ? '⌥' : 'Alt');
    if (stroke.shift) caps.push('Shift');
    const name = NAMES[stroke.key] ?? stroke.key;
    caps.push(stroke.mod && name.length === 1 ? name.toUpperCase() : name);
    return caps;
  });
}
