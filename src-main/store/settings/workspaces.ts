import { workspaces } from '../tables';
import type { WriteDb } from '../engine/db';

export interface WorkspaceRef {
  readonly org_id: string;
  readonly workspace_id: string;
  readonly now: string;
}

/** Creates a missing workspace, named after its id. */
export function ensureWorkspace(tx: WriteDb, { org_id, workspace_id, now }: WorkspaceRef): void {
  tx.orm
    .insert(workspaces)
    .values({ org_id, workspace_id, name: workspace_id, created_at: now })
    .onConflictDoNothing()
    .run();
}
