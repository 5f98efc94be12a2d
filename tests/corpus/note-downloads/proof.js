const assert = require('node:assert');
const { readFileSync, readdirSync } = require('node:fs');

const declared = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies);
for (const file of readdirSync('src')) {
  for (const [, name] of readFileSync(`src/${file}`, 'utf8').matchAll(/require\('([a-z][^']*)'\)/g)) {
    assert.ok(declared.includes(name), `${file} needs ${name}, which is not installed in production`);
  }
}
