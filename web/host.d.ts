/** What of Node's globals the engine asks for, since it also runs there. The page is checked against the browser's alone. */
declare var process: { versions?: { node?: string } } | undefined;
