// Where the modules of a frame's page may not load, its link to the lesson in one file keeps what the address says of the run.
// A classic script, which loads wherever a script may; it runs after the modules, which would have taken the link away.

for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('#not-started a'))) {
  const parts = [location.hash, location.search].flatMap((text) => text.slice(1).split('&'));
  link.hash = parts.filter((part) => part && !/^(view|hide|theme|readonly|autoplay|id|origins)\b/.test(part)).join('&');
}
