import { Combobox, ScrollArea, TextInput, useCombobox } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ListPrice } from '../../../src-shared/domain';
import { useFormat } from '../../ui';
import { exactModel, type ChosenConnection } from './exact-model';
import { recentModels, rememberModel } from './recent-models';
import { matchesModel, useModels, type ReachedModel } from './use-models';
import classes from './models.module.css';

/** More would have to be scrolled past: typing narrows them. */
const SHOWN = 60;
const CONNECT = 'connect ';

/** A model that was typed, or one that was picked with the connection that reaches it. */
export interface ModelChoice {
  readonly model_id: string;
  readonly provider?: string;
  readonly connection_id?: string;
}

interface ModelPickerProps {
  readonly label: string;
  /** Where the label is not shown. */
  readonly hideLabel?: boolean;
  readonly placeholder: string;
  readonly value: string;
  readonly error?: string | undefined;
  /** What is chosen beside it: an id that is typed in full is reached by that where it can be. */
  readonly chosen: ChosenConnection;
  onChange(choice: ModelChoice): void;
}

/** A model of any connection, or any id that is typed: servers know models that no list has. */
export function ModelPicker({
  label,
  hideLabel = false,
  placeholder,
  value,
  error,
  chosen,
  onChange,
}: ModelPickerProps) {
  const [isOpened, setIsOpened] = useState(false);
  const [isTyped, setIsTyped] = useState(false);
  const combobox = useCombobox({
    onDropdownOpen: () => setIsOpened(true),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setIsTyped(false);
    },
  });
  const navigate = useNavigate();
  const { models, unconnected, loading, failed } = useModels(isOpened);
  const recent = recentModels((state) => state.items);
  // What stands there already narrows nothing: who opens the list looks for another model.
  const typed = isTyped ? value.trim() : '';
  const found = models.filter((model) => matchesModel(model, typed));
  const latest =
    typed === ''
      ? recent.flatMap(
          ({ connection_id, model_id }) =>
            models.find(
              (model) => model.connection.connection_id === connection_id && model.model_id === model_id,
            ) ?? [],
        )
      : [];
  const shown = found.slice(0, SHOWN);
  const groups = Map.groupBy(shown, ({ connection }) => connection.name);

  const connectable = typed === '' ? unconnected : [];
  const hasOptions = shown.length > 0 || connectable.length > 0;

  const pick = (option: string): void => {
    combobox.closeDropdown();
    if (option.startsWith(CONNECT)) {
      void navigate({ to: '/providers', search: { connection: 'new' } });
      return;
    }
    const model = models.find((each) => keyOf(each) === option.replace(/^recent /, ''));
    if (!model) return;
    take(model);
  };

  const take = ({ model_id, connection }: ReachedModel): void => {
    rememberModel({ connection_id: connection.connection_id, model_id });
    onChange({ model_id, provider: connection.provider, connection_id: connection.connection_id });
  };

  // An id that was typed in full is that model. Lists may still be on their way when the field is left.
  const [left, setLeft] = useState<string | null>(null);
  const here = JSON.stringify([value, chosen.connection_id ?? null, chosen.provider ?? null]);
  const settle = (): void => {
    combobox.closeDropdown();
    if (isTyped && value.trim() !== '') setLeft(here);
  };
  useEffect(() => {
    if (left === null || (loading && left === here)) return;
    setLeft(null);
    const model = left === here ? exactModel(models, recent, value.trim(), chosen) : undefined;
    if (model) take(model);
    // What was typed and chosen when the field was left decides, as far as it still stands.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [left, here, loading]);

  return (
    <Combobox store={combobox} onOptionSubmit={pick} width="max-content" position="bottom-start">
      <Combobox.Target withExpandedAttribute>
        <TextInput
          {...(hideLabel ? { 'aria-label': label } : { label })}
          role="combobox"
          data-model
          autoComplete="off"
          placeholder={placeholder}
          value={value}
          error={error}
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onChange={({ currentTarget }) => {
            onChange({ model_id: currentTarget.value });
            setIsTyped(true);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onClick={() => combobox.openDropdown()}
          onBlur={settle}
          onKeyDown={({ key, nativeEvent }) => {
            const isPicking = combobox.dropdownOpened && combobox.getSelectedOptionIndex() !== -1;
            if (key === 'Enter' && !nativeEvent.isComposing && !isPicking) settle();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown className={classes.dropdown}>
        {found.length === 0 && (
          <Combobox.Empty role="status">
            {loading ? 'Listing models' : 'No list has it. It is sent as typed.'}
          </Combobox.Empty>
        )}
        {/* A listbox must have options (WAI-ARIA 1.2, listbox). */}
        <Combobox.Options aria-label={label} hidden={!hasOptions}>
          <ScrollArea.Autosize mah="min(320px, 40vh)" type="scroll">
            {latest.length > 0 && (
              <Combobox.Group label="Recent">
                {latest.map((model) => (
                  <ModelOption
                    key={keyOf(model)}
                    value={`recent ${keyOf(model)}`}
                    model={model}
                    withConnection
                  />
                ))}
              </Combobox.Group>
            )}
            {[...groups].map(([name, items]) => (
              <Combobox.Group key={name} label={name}>
                {items.map((model) => (
                  <ModelOption key={keyOf(model)} value={keyOf(model)} model={model} />
                ))}
              </Combobox.Group>
            ))}
            {connectable.length > 0 && (
              <Combobox.Group label="Not connected">
                {connectable.map(({ provider_id, name }) => (
                  <Combobox.Option key={provider_id} value={`${CONNECT}${provider_id}`}>
                    <span className={classes.option}>
                      <IconPlugConnected size={14} aria-hidden /> Connect {name}…
                    </span>
                  </Combobox.Option>
                ))}
              </Combobox.Group>
            )}
          </ScrollArea.Autosize>
        </Combobox.Options>
        {(found.length > 0 || failed.length > 0) && (
          <Combobox.Footer className={classes.footer}>
            {found.length > 0 && 'Context window in tokens · $ per million tokens, input / output. '}
            {found.length > SHOWN && `And ${String(found.length - SHOWN)} more: type to narrow. `}
            {failed.length > 0 && `Not listed: ${failed.join(', ')}.`}
          </Combobox.Footer>
        )}
      </Combobox.Dropdown>
    </Combobox>
  );
}

function keyOf({ connection, model_id }: ReachedModel): string {
  return `${connection.connection_id} ${model_id}`;
}

interface ModelOptionProps {
  readonly value: string;
  readonly model: ReachedModel;
  readonly withConnection?: boolean;
}

function ModelOption({ value, model, withConnection = false }: ModelOptionProps) {
  const format = useFormat();
  const { model_id, display_name, price, context_tokens, retires_at, connection } = model;
  return (
    <Combobox.Option value={value}>
      <span className={classes.option}>
        <span className={classes.id}>{model_id}</span>
        <span className={classes.note}>
          {[
            withConnection && connection.name,
            display_name !== model_id && display_name,
            retires_at !== null && `retires ${format.date(retires_at)}`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span className={classes.price} title="Context window, in tokens">
          {context_tokens === null ? 'context not known' : `${format.count(context_tokens)} context`}
        </span>
        <span className={classes.price} title="Per million tokens: input, output">
          <Price price={price} />
        </span>
      </span>
    </Combobox.Option>
  );
}

/** Unknown is said: it is not free. */
function Price({ price }: { readonly price: ListPrice | null }) {
  const format = useFormat();
  if (price === null) return 'price not known';
  const [input, output] = [price.input, price.output].map((rate) =>
    rate === null ? '–' : format.money(rate),
  );
  return `${input ?? '–'} / ${output ?? '–'}${price.tiered ? '+' : ''}`;
}
