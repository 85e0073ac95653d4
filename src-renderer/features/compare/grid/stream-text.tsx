import { useEffect, useRef } from 'react';
import type { BatchView } from '../batch-view';
import classes from '../compare.module.css';

/** Inter at 13 px is about this wide; the tail fills the lines of a clipped cell and no more. */
const CHAR_PX = 5.6;
const LINES = 5;

/** The end of a text while it streams, written into the element directly: 160 cells leave React no time. */
export function StreamText({ view, index }: { readonly view: BatchView; readonly index: number }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const node = element.current;
    if (!node) return;
    const tail = Math.ceil(node.clientWidth / CHAR_PX) * LINES;
    const draw = (): void => {
      const text = view.streamed(index);
      node.textContent = text.length > tail ? `…${text.slice(-tail)}` : text;
    };
    draw();
    return view.onText(index, draw);
  }, [view, index]);
  return <div ref={element} className={classes.stream} />;
}
