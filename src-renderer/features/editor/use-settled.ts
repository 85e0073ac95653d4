import { useEffect, useState } from 'react';
import { useEditorStore, type EditorState } from './draft-store';

/**
 * A part of the state as of the last pause in typing, or when this was mounted. A key renders nothing of what reads it
 * (docs/performance.md#typing).
 * @param select returns the same value for the same state
 */
export function useSettled<Part>(select: (state: EditorState) => Part, pauseMs: number): Part {
  const store = useEditorStore();
  const [settled, setSettled] = useState(() => select(store.getState()));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let latest = select(store.getState());
    setSettled(() => latest);
    const unfollow = store.subscribe((state) => {
      const next = select(state);
      if (Object.is(next, latest)) return;
      latest = next;
      clearTimeout(timer);
      timer = setTimeout(() => setSettled(() => latest), pauseMs);
    });
    return () => {
      clearTimeout(timer);
      unfollow();
    };
  }, [store, select, pauseMs]);
  return settled;
}
