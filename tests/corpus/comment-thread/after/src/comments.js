'use strict';

const { escape } = require('./html');

const MENTION = /(^|\s)@(\S+)/g;

/** The text of a comment, with `@name` in bold. */
function renderText(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(MENTION)) {
    parts.push(escape(text.slice(end, match.index)), match[1], `<b>@${match[2]}</b>`);
    end = match.index + match[0].length;
  }
  return parts.join('') + escape(text.slice(end));
}

function renderComment(comment) {
  return `<li><b>${escape(comment.author)}</b>: ${renderText(comment.text)}</li>`;
}

function renderThread(comments) {
  return `<ul>${comments.map(renderComment).join('')}</ul>`;
}

module.exports = { renderComment, renderThread };
