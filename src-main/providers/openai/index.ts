export { createChatClient, createOpenAiClient } from './client';
