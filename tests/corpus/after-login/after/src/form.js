'use strict';

const { escape } = require('./html');

/** The login page. */
function loginForm(query) {
  const message = query.message ? `<p>${escape(query.message)}</p>` : '';
  const next = `<input type="hidden" name="next" value="${escape(query.next || '')}">`;
  return `${message}<form method="post">${next}<input name="user"><input name="password" type="password"></form>`;
}

module.exports = { loginForm };
