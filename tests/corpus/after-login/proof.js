const assert = require('node:assert');
const { target } = require(`${process.cwd()}/src/login`);

assert.strictEqual(target('/orders?page=2'), '/orders?page=2');
const reached = new URL(target('//evil.example/login'), 'https://shop.example');
assert.strictEqual(reached.host, 'shop.example');
