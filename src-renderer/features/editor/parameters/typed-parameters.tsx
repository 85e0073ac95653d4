import { Select, TextInput } from '@mantine/core';
import {
  givenName,
  parameterProblems,
  type JsonObject,
  type JsonValue,
  type ParameterRule,
} from '../../../../src-shared/domain';
import classes from './parameters.module.css';

interface TypedParametersProps {
  readonly params: JsonObject;
  readonly rules: readonly ParameterRule[];
  onChange(params: JsonObject): void;
}

/** The parameters asked for most, as this model takes them; those that it does not take are struck through. */
export function TypedParameters({ params, rules, onChange }: TypedParametersProps) {
  const problems = new Map(parameterProblems(params, rules).map(({ path, message }) => [path, message]));
  return (
    <div className={classes.grid}>
      {rules.map((rule) => {
        const name = givenName(rule, params);
        return (
          <Parameter
            key={rule.name}
            rule={rule}
            value={name === undefined ? undefined : params[name]}
            problem={name === undefined ? undefined : problems.get(`inference_params.${name}`)}
            onChange={(value) => onChange(changed(params, rule, value))}
          />
        );
      })}
    </div>
  );
}

/** One value under one name: a value under another vendor's name is replaced where it stands. */
function changed(params: JsonObject, rule: ParameterRule, value: JsonValue | undefined): JsonObject {
  const name = givenName(rule, params) ?? rule.name;
  if (value !== undefined) return { ...params, [name]: value };
  return Object.fromEntries(Object.entries(params).filter(([known]) => known !== name));
}

interface ParameterProps {
  readonly rule: ParameterRule;
  readonly value: JsonValue | undefined;
  readonly problem: string | undefined;
  onChange(value: JsonValue | undefined): void;
}

function Parameter({ rule, value, problem, onChange }: ParameterProps) {
  const { takes, unsupported } = rule;
  const isGiven = value !== undefined;
  const shared = {
    label: <span className={unsupported === null ? undefined : classes.struck}>{rule.label}</span>,
    description: unsupported ?? rangeOf(takes),
    error: problem,
    // A value that is not taken can still be removed.
    disabled: unsupported !== null && !isGiven,
  };
  if (takes.kind === 'choice') {
    return (
      <Select
        {...shared}
        aria-label={rule.label}
        placeholder="Default"
        clearable
        data={[...takes.values]}
        value={typeof value === 'string' ? value : null}
        onChange={(chosen) => onChange(chosen ?? undefined)}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      aria-label={rule.label}
      placeholder="Default"
      inputMode={takes.kind === 'texts' ? 'text' : 'decimal'}
      // Shown as it was typed until it is left: 0. on the way to 0.2 is no other number.
      key={isGiven ? 'given' : 'absent'}
      defaultValue={textOf(value)}
      onBlur={({ currentTarget: { value: typed } }) => {
        if (typed !== textOf(value)) onChange(valueOf(typed, takes));
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What was typed: a number where it is one, else the text, which its rule then refuses. */
function valueOf(typed: string, takes: ParameterRule['takes']): JsonValue | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  if (takes.kind === 'texts')
    return typed
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : typed;
}

function rangeOf(takes: ParameterRule['takes']): string {
  switch (takes.kind) {
    case 'choice':
      return '';
    case 'texts':
      return 'Separated by commas';
    case 'number':
    case 'integer':
      if (takes.max !== null) return `${String(takes.min)} to ${String(takes.max)}`;
      return takes.min === Number.MIN_SAFE_INTEGER ? 'Whole number' : `From ${String(takes.min)}`;
  }
}
