'use strict';

const DEFAULTS = { editor: { theme: 'light', tabs: 4 }, mail: { weekly: true } };

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Puts `patch` into `target`, object by object. */
function merge(target, patch) {
  for (const key of Object.keys(patch)) {
    if (isObject(target[key]) && isObject(patch[key])) {
      merge(target[key], patch[key]);
    } else {
      target[key] = patch[key];
    }
  }
  return target;
}

function update(stored, patch) {
  return merge(merge(structuredClone(DEFAULTS), stored), patch);
}

module.exports = { DEFAULTS, update };
