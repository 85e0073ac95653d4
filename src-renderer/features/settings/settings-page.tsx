import { SegmentedControl, Select, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { CommandButton } from '../../commands';
import { DENSITIES, FORMAT_LOCALES, preferences, THEMES } from '../../preferences';
import { failureOf, orpc } from '../../rpc';
import { Fact, Facts, FailureView, Mono, Page, useFormat, Waiting } from '../../ui';
import { BackupsSection } from '../backups';
import { LabelRulesSection } from '../templates';
import classes from './settings.module.css';

const SAMPLE_TIME = '2026-03-09T15:04:05.000Z';

export function SettingsPage() {
  const prefs = preferences();
  const format = useFormat();
  return (
    <Page title="Settings">
      <div className={classes.page} tabIndex={0} role="group" aria-label="Settings">
        <h2>Appearance</h2>
        <Setting name="Theme">
          <SegmentedControl
            aria-label="Theme"
            data={THEMES.map((value) => ({ value, label: capital(value) }))}
            value={prefs.theme}
            onChange={(value) =>
              preferences.setState({ theme: THEMES.find((theme) => theme === value) ?? 'system' })
            }
          />
        </Setting>
        <Setting name="Density" note="Rows of 28 or 36 pixels.">
          <SegmentedControl
            aria-label="Density"
            data={DENSITIES.map((value) => ({ value, label: capital(value) }))}
            value={prefs.density}
            onChange={(value) =>
              preferences.setState({ density: DENSITIES.find((density) => density === value) ?? 'compact' })
            }
          />
        </Setting>
        <Setting
          name="Numbers, money and dates"
          note={`${format.count(1234567)} · ${format.money('1234.5')} · ${format.exactTimes(SAMPLE_TIME)[0]}`}
        >
          <Select
            aria-label="Format of numbers, money and dates"
            data={FORMAT_LOCALES.map((value) => ({
              value,
              label: value === 'system' ? 'Follow the browser' : value,
            }))}
            value={prefs.formatLocale}
            onChange={(value) =>
              preferences.setState({
                formatLocale: FORMAT_LOCALES.find((locale) => locale === value) ?? 'system',
              })
            }
          />
        </Setting>
        <h2>Keyboard</h2>
        <Setting
          name="Single-key shortcuts"
          note="Letters such as j, k, b. Turn them off if they get in the way of speech input or a screen reader."
        >
          <Switch
            aria-label="Single-key shortcuts"
            checked={prefs.singleKeys}
            onChange={(event) => preferences.setState({ singleKeys: event.currentTarget.checked })}
          />
        </Setting>
        <Setting name="All shortcuts">
          <CommandButton id="app.help" showKeys />
        </Setting>
        <h2>Data</h2>
        <StoreFacts />
        <LabelRulesSection />
        <h2>Backups</h2>
        <BackupsSection />
      </div>
    </Page>
  );
}

function StoreFacts() {
  const query = useQuery(orpc.system.status.queryOptions());
  const format = useFormat();
  const { data } = query;
  if (!data) {
    return query.isError ? (
      <FailureView
        inline
        title="The store’s state could not be loaded"
        {...failureOf(query.error)}
        onRetry={() => void query.refetch()}
      />
    ) : (
      <Waiting lines={7} />
    );
  }
  return (
    <Facts>
      <Fact name="Version">{data.version}</Fact>
      <Fact name="Store" copy={data.store.path}>
        <Mono>{data.store.path}</Mono>
      </Fact>
      <Fact name="Size">{format.bytes(data.store.size_bytes)}</Fact>
      <Fact name="Schema">{data.store.schema_version}</Fact>
      <Fact name="Records">
        {format.plural(data.templates, 'template', 'templates')}, {format.plural(data.runs, 'run', 'runs')}
      </Fact>
      <Fact name="Keys">{data.keychain.message ?? "In this computer's keychain"}</Fact>
      <Fact name="Version probes">{data.probes_enabled ? 'on' : 'off (PROMPTER_PROBE_DISABLED)'}</Fact>
      <Fact name="Prices">
        {data.price_list.source}
        <span className={classes.note}>as of {format.date(data.price_list.as_of)}</span>
      </Fact>
      <Fact name="Statistics">
        {data.statistics_enabled ? 'on' : 'off (PROMPTER_EXECUTION_LOG_DISABLED)'}
      </Fact>
    </Facts>
  );
}

function Setting({
  name,
  note,
  children,
}: {
  readonly name: string;
  readonly note?: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={classes.setting}>
      <div>
        <div>{name}</div>
        {note && <div className={classes.note}>{note}</div>}
      </div>
      {children}
    </div>
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
