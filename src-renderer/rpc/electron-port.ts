const PORT_MESSAGE = 'prompter:port';

let deliver: (port: MessagePort) => void = () => undefined;
const arrival = new Promise<MessagePort>((resolve) => {
  deliver = resolve;
});

/** Called first of all: the preload may post the port before the interface is mounted. */
export function listenForElectronPort(): void {
  const onMessage = (event: MessageEvent<unknown>): void => {
    const [port] = event.ports;
    const fromPreload = event.source === window && event.origin === window.location.origin;
    if (!fromPreload || event.data !== PORT_MESSAGE || !port) return;
    window.removeEventListener('message', onMessage);
    deliver(port);
  };
  window.addEventListener('message', onMessage);
}

/** The port to the core, once Electron's preload has handed it over. */
export function electronPort(): Promise<MessagePort> {
  return arrival;
}
