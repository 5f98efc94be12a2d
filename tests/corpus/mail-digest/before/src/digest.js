'use strict';

/** Sends the digest to every subscriber at once. Resolves to the number of mails. */
async function sendDigests(regions, send) {
  const mails = regions.flatMap((region) => region.subscribers);
  await Promise.all(mails.map((address) => send(address)));
  return mails.length;
}

module.exports = { sendDigests };
