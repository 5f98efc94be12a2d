'use strict';

/** Notes by id. */
class Notes {
  #byId = new Map();

  save(id, text) {
    this.#byId.set(id, { id, text, saved: new Date().toISOString() });
  }

  find(id) {
    return this.#byId.get(id);
  }
}

module.exports = { Notes };
