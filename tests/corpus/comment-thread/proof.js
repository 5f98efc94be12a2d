const assert = require('node:assert');
const { renderComment } = require(`${process.cwd()}/src/comments`);

const page = renderComment({ author: 'a', text: 'hi @<img/src=x/onerror=alert(1)>' });
assert.ok(!page.includes('<img'), page);
assert.ok(renderComment({ author: 'a', text: '@bob' }).includes('<b>@bob</b>'));
