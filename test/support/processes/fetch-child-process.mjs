// Sends one request many times at once: `node fetch-child-process.mjs URL TOKEN BODY COUNT`. Prints `sent` once all
// are sent, then their answers as one line of JSON.
const [url, token, body, count] = process.argv.slice(2);
const answers = Array.from({ length: Number(count) }, () =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  }).then(async (answer) => ({ status: answer.status, body: await answer.json() })),
);
process.stdout.write('sent\n');
process.stdout.write(`${JSON.stringify(await Promise.all(answers))}\n`);
