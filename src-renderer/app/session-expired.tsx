import { Empty } from '../ui';

/** Shown when the host no longer knows this window. */
export function SessionExpired() {
  return (
    <main>
      <Empty heading="h1" title="This window is not signed in">
        Prompter was started again, or this window never opened its link. Start <code>prompter serve</code>{' '}
        and open the link that it prints; each link works once. Nothing that you stored is lost.
      </Empty>
    </main>
  );
}
