'use strict';

const LABELS = new Map([
  ['up', { text: 'up', colour: '#2a2' }],
  ['down', { text: 'down', colour: '#c22' }],
  ['degraded', { text: 'slow', colour: '#c82' }],
]);
const UNKNOWN = { text: 'unknown', colour: '#888' };

/** Puts the badge of a status into an element. */
function drawBadge(element, status) {
  const { text, colour } = LABELS.get(status) ?? UNKNOWN;
  element.innerHTML =
    `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20" role="img" aria-label="${text}">` +
    `<rect width="80" height="20" rx="3" fill="${colour}"/>` +
    `<text x="40" y="14" text-anchor="middle" fill="#fff">${text}</text></svg>`;
}

function badgeText(status) {
  return (LABELS.get(status) ?? UNKNOWN).text;
}

module.exports = { badgeText, drawBadge };
