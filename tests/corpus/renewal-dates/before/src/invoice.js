'use strict';

const { nextYearly } = require('./renewal');

function dueDate(plan, today) {
  return nextYearly(plan.start, today);
}

module.exports = { dueDate };
