'use strict';

const { nextMonthly, nextYearly } = require('./renewal');

function dueDate(plan, today) {
  return plan.period === 'month' ? nextMonthly(plan.start, today) : nextYearly(plan.start, today);
}

module.exports = { dueDate };
