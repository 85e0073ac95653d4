import { Empty } from '../ui';

/** Shown when the host no longer knows this window. */
export function SessionExpired() {
  return (
    <main>
      <Empty heading="h1" title="This window is not signed in">
        Open the link that <code>prompter serve</code> printed once more. Each start of the server makes a new
        one; nothing that you stored is lost, and drafts are still in this browser.
      </Empty>
    </main>
  );
}
