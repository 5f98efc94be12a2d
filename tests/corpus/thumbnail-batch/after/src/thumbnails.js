'use strict';

/** Makes the thumbnails of an album. `resize` loads a picture and resolves to its thumbnail. */
async function makeThumbnails(pictures, resize) {
  return Promise.all(
    pictures.map(async (picture) => ({ picture, thumbnail: await resize(picture) })),
  );
}

module.exports = { makeThumbnails };
