import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { openByLinkOrToken } from '../rpc';
import { Empty } from '../ui';
import classes from './shell.module.css';

/** Shown when the host no longer knows this window; a link or the server's token signs it in again. */
export function SessionExpired() {
  const [value, setValue] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const signIn = async () => {
    setIsBusy(true);
    setProblem(await openByLinkOrToken(value));
    setIsBusy(false);
  };
  return (
    <main>
      <Empty heading="h1" title="Sign in to Prompter">
        <p>
          Prompter restarted, or this window was opened without its link. Run <code>prompter link</code> in a
          terminal, then open the link it prints or paste it here. Nothing you stored is lost. Drafts are kept
          in this browser, at this address.
        </p>
        <form
          className={classes.signIn}
          onSubmit={(event) => {
            event.preventDefault();
            void signIn();
          }}
        >
          <TextInput
            label="Link or token"
            value={value}
            onChange={(event) => {
              setValue(event.currentTarget.value);
              setProblem(null);
            }}
            error={problem}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            autoFocus
          />
          <Button type="submit" size="xs" loading={isBusy} disabled={value.trim() === ''}>
            Sign in
          </Button>
        </form>
      </Empty>
    </main>
  );
}
