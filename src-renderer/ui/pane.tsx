import { useRef, type ReactNode } from 'react';
import { usePageFocus } from './page-focus';
import classes from './pane.module.css';

interface PageProps {
  readonly title: ReactNode;
  readonly subtitle?: ReactNode;
  readonly toolbar?: ReactNode;
  readonly children: ReactNode;
}

/** A screen: a bar with its name and actions, then its content. Takes focus when it opens. */
export function Page({ title, subtitle, toolbar, children }: PageProps) {
  const page = useRef<HTMLElement>(null);
  usePageFocus(page);
  return (
    <section ref={page} className={classes.page}>
      {typeof title === 'string' && <title>{`${title} · Prompter`}</title>}
      <header className={classes.bar}>
        <h1 className={classes.title} tabIndex={-1}>
          {title}
        </h1>
        {subtitle && <div className={classes.subtitle}>{subtitle}</div>}
        <div className={classes.toolbar}>{toolbar}</div>
      </header>
      {children}
    </section>
  );
}

export function WithPanel({ children, panel }: { readonly children: ReactNode; readonly panel: ReactNode }) {
  return (
    <div className={classes.split} data-open={panel ? true : undefined}>
      <div className={classes.main} data-pane>
        {children}
      </div>
      {panel}
    </div>
  );
}

interface PanelProps {
  readonly label: string;
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/** The right-hand inspector: a named region that scrolls separately. */
export function Panel({ label, title, actions, children, wide = false }: PanelProps) {
  return (
    <aside className={classes.panel} data-wide={wide || undefined} aria-label={label} data-pane>
      <div className={classes.panelBar}>
        <h2 className={classes.title}>{title}</h2>
        <div className={classes.toolbar}>{actions}</div>
      </div>
      <div className={classes.panelBody} tabIndex={0} role="group" aria-label={`${label}, content`}>
        {children}
      </div>
    </aside>
  );
}

export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={classes.section}>
      <div className={classes.sectionBar}>
        <h2 className={classes.sectionTitle}>{title}</h2>
        {actions && <div className={classes.toolbar}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}
