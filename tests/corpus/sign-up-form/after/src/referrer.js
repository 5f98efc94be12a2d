'use strict';

/** Where a visitor came from, for the statistics. */
function source(referrer) {
  if (referrer == null || referrer === '') return 'direct';
  return URL.canParse(referrer) ? new URL(referrer).host : 'unknown';
}

module.exports = { source };
