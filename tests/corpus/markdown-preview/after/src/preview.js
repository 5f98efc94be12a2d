'use strict';

const { marked } = require('marked');

/** The note as HTML. What stands in it as HTML is shown as text. */
function preview(note) {
  const text = note.text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return marked.parse(text, { async: false });
}

module.exports = { preview };
