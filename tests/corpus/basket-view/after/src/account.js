'use strict';

const { average, largest, median } = require('./basket');

const euros = (cents) => (cents / 100).toFixed(2);

/** What the account page shows of a customer's orders. */
function accountSummary(orders) {
  const amounts = orders.map((order) => order.cents);
  return {
    orders: orders.length,
    average: euros(average(amounts)),
    median: euros(median(amounts)),
    largest: euros(largest(amounts)),
  };
}

module.exports = { accountSummary };
