import { isRecord, type JsonObject, type JsonValue } from '../../../../src-shared/domain';
import classes from './tools.module.css';

/** Deeper is shown as JSON by its type alone: nobody fills in such a form. */
const MAX_DEPTH = 4;

/** How a call's arguments look as a form: what is asked, in which type, and what must be given. */
export function SchemaForm({ schema, name }: { readonly schema: JsonObject; readonly name: string }) {
  return (
    <div className={classes.form} role="group" aria-label={`Arguments of ${name}, preview`}>
      <span className={classes.caption}>What the model fills in</span>
      <Properties schema={schema} depth={0} />
    </div>
  );
}

function Properties({ schema, depth }: { readonly schema: JsonObject; readonly depth: number }) {
  const properties = objectIn(schema, 'properties');
  const names = Object.keys(properties);
  const { required } = schema;
  if (names.length === 0) return <p className={classes.none}>No arguments.</p>;
  return (
    <ul className={classes.properties}>
      {names.map((name) => (
        <li key={name}>
          <Property
            name={name}
            schema={objectIn(properties, name)}
            isRequired={Array.isArray(required) && required.includes(name)}
            depth={depth}
          />
        </li>
      ))}
    </ul>
  );
}

interface PropertyProps {
  readonly name: string;
  readonly schema: JsonObject;
  readonly isRequired: boolean;
  readonly depth: number;
}

function Property({ name, schema, isRequired, depth }: PropertyProps) {
  const { description } = schema;
  const inner = innerOf(schema);
  return (
    <>
      <span className={classes.property}>
        <code>{name}</code>
        <span className={classes.type}>{typeOf(schema)}</span>
        {isRequired ? (
          <span className={classes.required}>required</span>
        ) : (
          <span className={classes.type}>optional</span>
        )}
      </span>
      {typeof description === 'string' && <span className={classes.description}>{description}</span>}
      {inner !== null && depth < MAX_DEPTH && <Properties schema={inner} depth={depth + 1} />}
    </>
  );
}

/** The object whose fields are asked for one by one: itself, or an item of a list. */
function innerOf(schema: JsonObject): JsonObject | null {
  const { items, properties } = schema;
  if (properties !== undefined) return schema;
  return isJsonObject(items) && items['properties'] !== undefined ? items : null;
}

function typeOf(schema: JsonObject): string {
  const { type, enum: values, items, const: only } = schema;
  if (Array.isArray(values)) return `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
  if (only !== undefined) return JSON.stringify(only);
  if (type === 'array') return isJsonObject(items) ? `list of ${typeOf(items)}` : 'list';
  return Array.isArray(type) ? type.map(String).join(' or ') : typeof type === 'string' ? type : 'any value';
}

function objectIn(object: JsonObject, name: string): JsonObject {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return isJsonObject(value) ? value : {};
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isRecord(value);
}
