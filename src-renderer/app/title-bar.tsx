import { IconKeyboard, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { ActionIcon, Tooltip, useMantineColorScheme } from '@mantine/core';
import { DEFAULT_WORKSPACE_ID } from '../../src-shared/domain/ids';
import { COMMANDS, CommandIcon, keyCaps, runCommand } from '../commands';
import { preferences } from '../preferences';
import { KeyCaps } from '../ui';
import classes from './shell.module.css';

export function TitleBar() {
  const { colorScheme } = useMantineColorScheme();
  const other = colorScheme === 'dark' ? 'light' : 'dark';
  return (
    <header className={classes.title}>
      <div className={classes.brand}>
        <Mark />
        Prompter
        <span className={classes.workspace}>{DEFAULT_WORKSPACE_ID} workspace</span>
      </div>
      <button type="button" className={classes.search} onClick={() => runCommand('app.palette')}>
        <IconSearch size={14} aria-hidden />
        <span>Search templates, runs, commands</span>
        <KeyCaps caps={keyCaps(COMMANDS['app.palette'].keys?.[0] ?? '')} />
      </button>
      <div className={classes.titleEnd}>
        <CommandIcon id="app.help">
          <IconKeyboard size={16} aria-hidden />
        </CommandIcon>
        <Tooltip label={`Switch to the ${other} theme`}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Switch to the ${other} theme`}
            onClick={() => preferences.setState({ theme: other })}
          >
            {other === 'light' ? <IconSun size={16} aria-hidden /> : <IconMoon size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="7" fill="#264bb5" />
      <path
        d="M9 10.5 14.5 16 9 21.5"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M17 21.5h6" stroke="#8fb0ff" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
