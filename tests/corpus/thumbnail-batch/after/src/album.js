'use strict';

const { makeThumbnails } = require('./thumbnails');

async function publishAlbum(album, resize, store) {
  const made = await makeThumbnails(album.pictures, resize);
  for (const { picture, thumbnail } of made) {
    store.set(`${album.id}/${picture}`, thumbnail);
  }
  return made.length;
}

module.exports = { publishAlbum };
