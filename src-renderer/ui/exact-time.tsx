import { useFormat } from './format';
import classes from './facts.module.css';

/** Local time with its offset, and UTC; on separate lines if there is no room for both. */
export function ExactTime({ iso }: { readonly iso: string }) {
  const format = useFormat();
  const [local, utc] = format.exactTimes(iso);
  return (
    <time dateTime={iso} className={classes.time}>
      <span>{local}</span> <span className={classes.utc}>{utc}</span>
    </time>
  );
}
