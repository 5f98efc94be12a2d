'use strict';

const test = require('node:test');
const assert = require('node:assert');
const { source } = require('../src/referrer');

test('what is missing is direct', () => {
  for (const missing of [undefined, null, '']) assert.strictEqual(source(missing), 'direct');
});

test('a host, or unknown', () => {
  assert.strictEqual(source('https://news.example/a?b'), 'news.example');
  assert.strictEqual(source('android-app'), 'unknown');
});
