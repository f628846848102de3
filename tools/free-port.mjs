// Prints the first port from the given one upwards that nothing listens on.
import { createServer } from 'node:net';

const first = Number(process.argv[2]);
if (!Number.isInteger(first) || first < 1 || first > 65535) {
  console.error(`The port must be an integer from 1 to 65535, got ${process.argv[2]}`);
  process.exit(2);
}

/** @param {number} port @returns {Promise<boolean>} whether a server could listen on localhost there */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, 'localhost', () => server.close(() => resolve(true)));
  });
}

let port = first;
while (!(await isFree(port))) {
  port += 1;
  if (port > Math.min(first + 100, 65535)) {
    console.error(`No port from ${first} to ${port - 1} is free; name another: ./dev serve PORT`);
    process.exit(1);
  }
}
console.log(port);
