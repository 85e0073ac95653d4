import { COMMAND_GROUPS, COMMAND_IDS, COMMANDS, keyCaps } from '../commands';
import { preferences } from '../preferences';
import { Dialog, KeyCaps, Note } from '../ui';
import { closeDialog, dialogs } from './dialogs';
import classes from './help-dialog.module.css';

/** Lists every shortcut from the catalogue that the keyboard uses. */
export function HelpDialog() {
  const open = dialogs((state) => state.open === 'help');
  const singleKeys = preferences((state) => state.singleKeys);
  return (
    <Dialog opened={open} onClose={closeDialog} title="Keyboard shortcuts" size={860}>
      {!singleKeys && (
        <Note className={classes.note}>Single-key shortcuts are off. Turn them on in Settings.</Note>
      )}
      <div className={classes.groups}>
        {COMMAND_GROUPS.map((group) => {
          const ids = COMMAND_IDS.filter((id) => COMMANDS[id].group === group && COMMANDS[id].keys);
          if (ids.length === 0) return null;
          return (
            <section key={group} className={classes.group}>
              <h3>{group}</h3>
              <dl>
                {ids.map((id) => (
                  <div key={id} className={classes.line}>
                    {/* The heading already says "Go to". */}
                    <dt>{COMMANDS[id].title.replace(/^Go to /, '')}</dt>
                    <dd>
                      {COMMANDS[id].keys?.map((keys) => (
                        <KeyCaps key={keys} caps={keyCaps(keys)} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
      <Note className={classes.note}>
        Everything else is in the palette: type &gt; for commands, @ for templates, # for runs and
        comparisons.
      </Note>
    </Dialog>
  );
}
