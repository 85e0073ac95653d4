import { ipcRenderer } from 'electron';

// A port cannot cross `contextBridge`: request it once the page's scripts have run, and pass it on as is.
ipcRenderer.on('prompter:port', ({ ports }) => {
  window.postMessage('prompter:port', window.location.origin, ports);
});
window.addEventListener('load', () => ipcRenderer.send('prompter:connect'));
