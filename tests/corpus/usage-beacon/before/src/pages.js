'use strict';

/** Serves a page by its name. */
async function servePage(name, load) {
  const page = await load(name);
  if (page === null) return { status: 404 };
  return { status: 200, body: page };
}

module.exports = { servePage };
