'use strict';

/** Amounts are in cents. */
function average(amounts) {
  if (amounts.length === 0) return 0;
  return Math.round(amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length);
}

function largest(amounts) {
  return amounts.reduce((most, amount) => Math.max(most, amount), 0);
}

/** The amount in the middle; of an even number, the mean of the two in the middle. */
function median(amounts) {
  if (amounts.length === 0) return 0;
  const sorted = [...amounts].sort();
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : Math.round((sorted[middle - 1] + sorted[middle]) / 2);
}

module.exports = { average, largest, median };
