const assert = require('node:assert');
const { sendDigests } = require(`${process.cwd()}/src/digest`);

const sent = [];
sendDigests([{ subscribers: ['a', 'b'] }], async (address) => sent.push(address)).then((count) => {
  assert.strictEqual(count, 2);
  assert.deepStrictEqual(sent, ['a', 'b']);
});
