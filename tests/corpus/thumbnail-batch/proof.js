const assert = require('node:assert');
const { makeThumbnails } = require(`${process.cwd()}/src/thumbnails`);

let now = 0;
let most = 0;
const resize = async (picture) => {
  now += 1;
  most = Math.max(most, now);
  await new Promise(setImmediate);
  now -= 1;
  return `small ${picture}`;
};
makeThumbnails(Array.from({ length: 200 }, (_, number) => number), resize).then((made) => {
  assert.strictEqual(made.length, 200);
  assert.ok(most < 26, `${most} pictures in memory at once`);
});
