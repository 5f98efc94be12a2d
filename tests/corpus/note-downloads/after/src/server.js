'use strict';

const express = require('express');
const { fileName } = require('./download');
const { Notes } = require('./notes');

const notes = new Notes();
const app = express();
app.get('/notes/:id', (request, response) => {
  const note = notes.find(request.params.id);
  if (!note) return response.status(404).end();
  return response.json(note);
});
app.get('/notes/:id/download', (request, response) => {
  const note = notes.find(request.params.id);
  if (!note) return response.status(404).end();
  return response.attachment(fileName(note)).type('text/plain').send(note.text);
});

module.exports = { app };
