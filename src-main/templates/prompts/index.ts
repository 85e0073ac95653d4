export { assertNeedsNoApproval } from './approvals';
export { createPromptsService } from './service';
export { templateDiff } from './template-diff';
