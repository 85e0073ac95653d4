import { Button } from '@mantine/core';
import { IconFilterQuestion } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Empty } from '../states';
import classes from './address-problems.module.css';

/** An invalid part of the address. */
export interface AddressProblem {
  readonly name: string;
  /** The filter's name on the screen. */
  readonly label: string;
  /** The value in the address. */
  readonly value: string;
  /** What to enter instead, as a sentence. */
  readonly instead: string;
}

interface AddressProblemsProps {
  readonly title: string;
  readonly problems: readonly AddressProblem[];
  readonly actions?: ReactNode;
  onRemove(name: string): void;
}

/** Shown in place of a list: the invalid parts of the address, with a way to remove them. */
export function AddressProblems({ title, problems, actions, onRemove }: AddressProblemsProps) {
  return (
    <div role="alert">
      <Empty icon={<IconFilterQuestion size={28} stroke={1.5} aria-hidden />} title={title} actions={actions}>
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
