'use strict';

const slugify = require('slugify');

/** The name of the file that a note is downloaded as. */
function fileName(note) {
  return `${slugify(note.title, { lower: true, strict: true }) || 'note'}.txt`;
}

module.exports = { fileName };
