'use strict';

const slugify = require('slugify');
const { writeFileSync } = require('node:fs');

/** Writes notes into a folder; run by hand on a developer's machine. */
function archive(notes, folder) {
  for (const note of notes) {
    writeFileSync(`${folder}/${note.id}-${slugify(note.title, { lower: true, strict: true })}.txt`, note.text);
  }
}

module.exports = { archive };
