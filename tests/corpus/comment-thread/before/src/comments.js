'use strict';

const { escape } = require('./html');

function renderComment(comment) {
  return `<li><b>${escape(comment.author)}</b>: ${escape(comment.text)}</li>`;
}

function renderThread(comments) {
  return `<ul>${comments.map(renderComment).join('')}</ul>`;
}

module.exports = { renderComment, renderThread };
