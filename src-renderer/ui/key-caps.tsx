import classes from './key-caps.module.css';

/** A printed shortcut, one cap per key. */
export function KeyCaps({ caps }: { readonly caps: readonly string[] }) {
  return (
    <span className={classes.caps}>
      {caps.map((cap, index) =>
        cap === 'then' ? (
          <span key={index}>then</span>
        ) : (
          <kbd key={index} className={classes.cap}>
            {cap}
          </kbd>
        ),
      )}
    </span>
  );
}
