'use strict';

const LABELS = { up: 'up', down: 'down', degraded: 'slow' };

function badgeText(status) {
  return LABELS[status] ?? 'unknown';
}

module.exports = { badgeText };
