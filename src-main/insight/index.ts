export { createInsightService } from './service';
