'use strict';

/** Dates are text, YYYY-MM-DD, without a zone. */
function nextYearly(start, today) {
  const [year, month, day] = start.split('-').map(Number);
  let next = new Date(Date.UTC(year, month - 1, day));
  const now = new Date(`${today}T00:00:00Z`);
  while (next <= now) {
    next = new Date(Date.UTC(next.getUTCFullYear() + 1, month - 1, day));
  }
  return next.toISOString().slice(0, 10);
}

module.exports = { nextYearly };
