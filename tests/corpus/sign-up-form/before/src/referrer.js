'use strict';

/** Where a visitor came from, for the statistics. */
function source(referrer) {
  if (referrer === undefined) return 'direct';
  return new URL(referrer).host;
}

module.exports = { source };
