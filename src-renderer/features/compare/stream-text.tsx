import { useEffect, useRef } from 'react';
import type { BatchView } from './batch-view';
import classes from './compare.module.css';

/** The end of the text is what is being written; more than this is clipped anyway. */
const TAIL_CHARS = 420;

/** Text while it streams, written into the element directly: 160 cells at 60 frames a second leave React no time. */
export function StreamText({ view, index }: { readonly view: BatchView; readonly index: number }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const draw = (): void => {
      const text = view.streamed(index);
      if (element.current) {
        element.current.textContent = text.length > TAIL_CHARS ? `…${text.slice(-TAIL_CHARS)}` : text;
      }
    };
    draw();
    return view.onText(index, draw);
  }, [view, index]);
  return <div ref={element} className={classes.stream} />;
}
