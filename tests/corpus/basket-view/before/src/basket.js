'use strict';

/** Amounts are in cents. */
function average(amounts) {
  if (amounts.length === 0) return 0;
  return Math.round(amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length);
}

function largest(amounts) {
  return amounts.reduce((most, amount) => Math.max(most, amount), 0);
}

module.exports = { average, largest };
