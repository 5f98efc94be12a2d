const assert = require('node:assert');
const { patchPreferences } = require(`${process.cwd()}/src/routes`);

patchPreferences(new Map(), 'mallory', '{"__proto__": {"admin": true}}');
assert.strictEqual({}.admin, undefined);
