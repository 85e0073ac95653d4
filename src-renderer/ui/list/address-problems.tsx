import { Button } from '@mantine/core';
import { IconFilterQuestion } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Empty } from '../states';
import classes from './address-problems.module.css';

/** A part of the address that means nothing. */
export interface AddressProblem {
  readonly name: string;
  /** As the screen calls it. */
  readonly label: string;
  /** What the address says. */
  readonly value: string;
  /** A sentence. */
  readonly instead: string;
}

interface AddressProblemsProps {
  readonly title: string;
  readonly problems: readonly AddressProblem[];
  readonly actions?: ReactNode;
  onRemove(name: string): void;
}

/** Instead of what nobody asked for: which parts of the address mean nothing, and how to be rid of them. */
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
