'use strict';

/** Sends the digest region by region, a subscriber at a time. Resolves to the number of mails. */
async function sendDigests(regions, send) {
  let count = 0;
  regions.forEach(async (region) => {
    for (const address of region.subscribers) {
      await send(address);
      count += 1;
    }
  });
  return count;
}

module.exports = { sendDigests };
