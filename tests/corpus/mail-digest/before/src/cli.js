'use strict';

const { sendDigests } = require('./digest');

async function main(regions, send, log) {
  const count = await sendDigests(regions, send);
  log(`${count} digests sent`);
  return count > 0 ? 0 : 1;
}

module.exports = { main };
