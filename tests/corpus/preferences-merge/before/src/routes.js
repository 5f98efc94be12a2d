'use strict';

const { update } = require('./preferences');

/** PATCH /preferences of the user who is logged in. */
function patchPreferences(store, user, body) {
  const patch = JSON.parse(body);
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) {
    return { status: 400 };
  }
  store.set(user, update(store.get(user) || {}, patch));
  return { status: 200, body: store.get(user) };
}

module.exports = { patchPreferences };
