const assert = require('node:assert');
const { nextMonthly } = require(`${process.cwd()}/src/renewal`);

assert.strictEqual(nextMonthly('2024-01-15', '2024-02-01'), '2024-02-15');
assert.strictEqual(nextMonthly('2024-01-31', '2024-02-01'), '2024-02-29');
