import { Button } from '@mantine/core';
import { IconFilterQuestion } from '@tabler/icons-react';
import { CommandButton } from '../../commands';
import { Empty } from '../../ui';
import type { FilterProblem } from './filters';
import classes from './runs.module.css';

interface FilterProblemsProps {
  readonly problems: readonly FilterProblem[];
  onRemove(name: string): void;
}

/** Instead of a list that nobody asked for: which filters mean nothing, and how to be rid of them. */
export function FilterProblems({ problems, onRemove }: FilterProblemsProps) {
  return (
    <div role="alert">
      <Empty
        icon={<IconFilterQuestion size={28} stroke={1.5} aria-hidden />}
        title={
          problems.length === 1
            ? 'A filter is invalid, so nothing is listed'
            : `${problems.length} filters are invalid, so nothing is listed`
        }
        actions={problems.length > 1 && <CommandButton id="list.clear" />}
      >
        <ul className={classes.problems}>
          {problems.map(({ name, label, value, instead }) => (
            <li key={name}>
              <span>
                <strong>{label}</strong> is “{value}”. {instead}
              </span>
              <Button size="compact-xs" variant="default" onClick={() => onRemove(name)}>
                Remove {label.toLowerCase()}
              </Button>
            </li>
          ))}
        </ul>
      </Empty>
    </div>
  );
}
