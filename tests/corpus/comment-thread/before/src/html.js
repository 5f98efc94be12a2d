'use strict';

const REPLACED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand in a page. */
function escape(text) {
  return String(text).replace(/[&<>"']/g, (sign) => REPLACED[sign]);
}

module.exports = { escape };
