import type { Client } from 'pg';
import type { TeamDatabase } from '../../../src-main/team/postgres';
import { asAdmin } from './postgres-server';

/** Each query below returns one text column: what is wrong. */
const MISTAKES: readonly string[] = [
  // Everything that applications can reach is a table with forced row-level security or a view that obeys it.
  `SELECT format('%s: row-level security is %s', relname, CASE WHEN NOT relrowsecurity THEN 'off' ELSE 'not forced' END)
   FROM pg_class c WHERE relnamespace = 'prompter'::regnamespace AND relkind IN ('r', 'p')
     AND EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee <> relowner)
     AND NOT (relrowsecurity AND relforcerowsecurity)`,
  `SELECT relname || ': the view reads as its owner' FROM pg_class
   WHERE relnamespace = 'prompter'::regnamespace AND relkind IN ('v', 'm')
     AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)`,
  // Exactly one permissive policy for reading and one for adding; both compare with the authenticated organisation.
  `SELECT format('%s: policy %s (%s) says %s', tablename, policyname, cmd, coalesce(qual, with_check)) FROM pg_policies
   WHERE schemaname = 'prompter' AND (permissive <> 'PERMISSIVE' OR cmd NOT IN ('SELECT', 'INSERT')
     OR roles <> '{prompter_app}'
     OR coalesce(qual, with_check) <> '(org_id = ( SELECT prompter.current_org() AS current_org))')`,
  `SELECT format('%s: %s policies for %s', tablename, count(*), cmd) FROM pg_policies WHERE schemaname = 'prompter'
   GROUP BY tablename, cmd HAVING count(*) > 1`,
  // Privileges: only SELECT and INSERT, only for the applications' role.
  `SELECT format('%s: %s may %s', relname, grantee::regrole, privilege_type)
   FROM pg_class c, aclexplode(relacl) WHERE relnamespace = 'prompter'::regnamespace AND grantee <> relowner
     AND (grantee <> 'prompter_app'::regrole OR is_grantable OR privilege_type NOT IN ('SELECT', 'INSERT'))`,
  `SELECT relname || ' belongs to ' || relowner::regrole FROM pg_class
   WHERE relnamespace = 'prompter'::regnamespace AND relowner <> 'prompter_owner'::regrole`,
  // Roles.
  `SELECT rolname || ' is too mighty' FROM pg_roles r WHERE (rolname IN ('prompter_owner', 'prompter_app')
     OR pg_has_role(oid, 'prompter_app', 'MEMBER') AND NOT rolsuper)
     AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)`,
  `SELECT rolname || ' can sign in' FROM pg_roles WHERE rolname IN ('prompter_owner', 'prompter_app') AND rolcanlogin`,
  `SELECT format('%s can act as the owner', m.role_name) FROM prompter.memberships m
   WHERE pg_has_role(m.role_name, 'prompter_owner', 'MEMBER')
     OR EXISTS (SELECT FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = m.role_name))`,
  // Unique indexes see all organisations' rows: without org_id first, one could probe for another's rows.
  `SELECT i.indexrelid::regclass || ': the unique key does not begin with org_id' FROM pg_index i
   JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
   WHERE c.relnamespace = 'prompter'::regnamespace AND c.relrowsecurity AND i.indisunique AND a.attname <> 'org_id'`,
  `SELECT conname || ': foreign keys look past row-level security' FROM pg_constraint
   WHERE connamespace = 'prompter'::regnamespace AND contype = 'f'`,
  `SELECT proname || ': runs as its owner with the caller''s search_path' FROM pg_proc
   WHERE pronamespace = 'prompter'::regnamespace AND prosecdef
     AND NOT coalesce('search_path=""' = ANY (proconfig), false)`,
];

/** Isolation mistakes found in the catalogue. */
export function policyMistakes(admin: TeamDatabase): Promise<string[]> {
  return asAdmin(admin, async (client) => {
    const found: string[] = [];
    for (const question of MISTAKES) found.push(...(await texts(client, question)));
    return found;
  });
}

export interface Member {
  readonly org_id: string;
  readonly database: TeamDatabase;
}

/**
 * What one organisation's role can get of another's rows by any means of plain SQL; on a single connection, to prove
 * that no transaction leaves anything for a later one. Both organisations must have rows in every table.
 */
export async function leaks(admin: TeamDatabase, own: Member, other: Member): Promise<string[]> {
  const { tables, views } = await relations(admin);
  const additions = await foreignRows(admin, tables, other.org_id);
  const found = await asAdmin(own.database, async (client) => {
    const leaked: string[] = [];
    for (const [name, enter] of contexts(own.org_id, other.org_id)) {
      const expected = name === 'own' ? [own.org_id] : [];
      for (const relation of [...tables, ...views]) {
        const seen = await inTransaction(client, enter, () =>
          texts(client, `SELECT DISTINCT org_id FROM prompter.${relation} ORDER BY 1`),
        );
        if (String(seen) !== String(expected)) leaked.push(`${name}: ${relation} shows ${String(seen)}`);
      }
      for (const table of tables) {
        for (const [verb, sql] of [
          ...changes(table, other.org_id),
          ['INSERT', additions.get(table) ?? ''] as const,
        ]) {
          const changed = await inTransaction(
            client,
            enter,
            async () => (await client.query(sql)).rowCount ?? 0,
          ).catch((error: unknown) => {
            // Not permitted, or refused by a policy.
            if (error instanceof Error && 'code' in error && error.code === '42501') return 0;
            throw error;
          });
          if (changed !== 0)
            leaked.push(`${name}: ${verb} ${table} reached ${changed} rows of ${other.org_id}`);
        }
      }
    }
    return leaked;
  });
  return [...found, ...(await ownerLeaks(admin, tables))];
}

/** Even the owner sees nothing: only migrations use that role. */
function ownerLeaks(admin: TeamDatabase, tables: readonly string[]): Promise<string[]> {
  return asAdmin(admin, async (client) => {
    await client.query(`SET ROLE prompter_owner`);
    const leaked: string[] = [];
    for (const table of tables) {
      const seen = await texts(client, `SELECT org_id FROM prompter.${table} LIMIT 1`);
      if (seen.length > 0) leaked.push(`owner: ${table} shows ${String(seen)}`);
    }
    return leaked;
  });
}

/** States a transaction may be in before it queries. Only the first may see anything. */
function contexts(own: string, other: string): [name: string, enter: string][] {
  return [
    ['own', `BEGIN; SELECT set_config('prompter.org_id', '${own}', true)`],
    ['after own', 'BEGIN'],
    ["other's", `BEGIN; SELECT set_config('prompter.org_id', '${other}', true)`],
    ['empty', `BEGIN; SELECT set_config('prompter.org_id', '', true)`],
    ["other's for the session", `BEGIN; SET prompter.org_id = '${other}'`],
    ['reset', `BEGIN; SET LOCAL prompter.org_id = '${own}'; RESET prompter.org_id`],
    ['all reset', 'BEGIN; RESET ALL'],
    ['as the shared role', `BEGIN; SET LOCAL ROLE prompter_app; SET LOCAL prompter.org_id = '${other}'`],
  ];
}

function changes(table: string, org: string): [verb: string, sql: string][] {
  const where = `WHERE org_id = '${org}'`;
  return [
    ['UPDATE', `UPDATE prompter.${table} SET installation_id = 'taken' ${where}`],
    ['DELETE', `DELETE FROM prompter.${table} ${where}`],
    ['TRUNCATE', `TRUNCATE prompter.${table}`],
  ];
}

/** For each table, a statement that adds a row like the existing ones, with a new key, on behalf of `org`. */
function foreignRows(
  admin: TeamDatabase,
  tables: readonly string[],
  org: string,
): Promise<ReadonlyMap<string, string>> {
  return asAdmin(admin, async (client) => {
    const statements = new Map<string, string>();
    for (const table of tables) {
      const [row] = await texts(client, `SELECT to_jsonb(t)::text FROM prompter.${table} t LIMIT 1`);
      if (row === undefined) throw new Error(`${table} is empty, so nothing can be said of it.`);
      const [key] = await texts(
        client,
        `SELECT attname FROM pg_attribute a JOIN pg_index i ON i.indrelid = attrelid AND attnum = i.indkey[1]
         WHERE attrelid = 'prompter.${table}'::regclass AND i.indisprimary`,
      );
      const given = `${client.escapeLiteral(row)}::jsonb || '{"org_id": "${org}", "${key}": "new"}'`;
      statements.set(
        table,
        `INSERT INTO prompter.${table} SELECT * FROM jsonb_populate_record(NULL::prompter.${table}, ${given})`,
      );
    }
    return statements;
  });
}

async function relations(admin: TeamDatabase): Promise<{ tables: string[]; views: string[] }> {
  const named = (kind: string): string =>
    `SELECT relname FROM pg_class c WHERE relnamespace = 'prompter'::regnamespace AND relkind = '${kind}'
       AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'org_id') AND relname <> 'memberships'`;
  return asAdmin(admin, async (client) => ({
    tables: await texts(client, named('r')),
    views: await texts(client, named('v')),
  }));
}

async function inTransaction<T>(client: Client, enter: string, work: () => Promise<T>): Promise<T> {
  await client.query(enter);
  try {
    return await work();
  } finally {
    await client.query('ROLLBACK');
  }
}

async function texts(client: Client, sql: string): Promise<string[]> {
  const { rows } = await client.query<string[]>({ text: sql, rowMode: 'array' });
  return rows.map(([first]) => String(first));
}
