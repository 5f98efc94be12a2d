'use strict';

const DEFAULTS = { editor: { theme: 'light', tabs: 4 }, mail: { weekly: true } };

function update(stored, patch) {
  return { ...DEFAULTS, ...stored, ...patch };
}

module.exports = { DEFAULTS, update };
