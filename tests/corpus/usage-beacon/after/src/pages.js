'use strict';

/** Serves a page by its name. `count` is told of it, whatever becomes of that. */
async function servePage(name, load, count, log = console) {
  const page = await load(name);
  if (page === null) return { status: 404 };
  void countQuietly(name, count, log);
  return { status: 200, body: page };
}

async function countQuietly(name, count, log) {
  try {
    await count(name);
  } catch (error) {
    log.warn(`page ${name} was not counted: ${error.message}`);
  }
}

module.exports = { servePage };
