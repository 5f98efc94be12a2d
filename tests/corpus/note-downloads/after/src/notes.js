'use strict';

/** Notes by id. */
class Notes {
  #byId = new Map();

  save(id, title, text) {
    this.#byId.set(id, { id, title, text });
  }

  find(id) {
    return this.#byId.get(id);
  }
}

module.exports = { Notes };
