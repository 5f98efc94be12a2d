'use strict';

/** Makes the thumbnails of an album. `resize` loads a picture and resolves to its thumbnail. */
async function makeThumbnails(pictures, resize) {
  const made = [];
  for (const picture of pictures) {
    made.push({ picture, thumbnail: await resize(picture) });
  }
  return made;
}

module.exports = { makeThumbnails };
