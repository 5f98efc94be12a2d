const assert = require('node:assert');
const { median } = require(`${process.cwd()}/src/basket`);

assert.strictEqual(median([1000, 200, 300]), 300);
