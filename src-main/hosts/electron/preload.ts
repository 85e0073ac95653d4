import { ipcRenderer } from 'electron';

// A port cannot cross `contextBridge`: it is asked for once the page's scripts have run, and handed on as it came.
ipcRenderer.on('prompter:port', ({ ports }) => {
  window.postMessage('prompter:port', window.location.origin, ports);
});
window.addEventListener('load', () => ipcRenderer.send('prompter:connect'));
