import classes from './key-caps.module.css';

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
