import { useEffect, useRef } from 'react';
import type { BatchView } from '../batch-view';
import classes from '../compare.module.css';

/** Approximate width of Inter at 13 px, to keep just enough of the text's end to fill a clipped cell. */
const CHAR_PX = 5.6;
const LINES = 5;

/** The end of a streaming text, written to the element directly: React cannot keep up with 160 cells. */
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
