'use strict';

const { escape } = require('./html');

/** The login page. */
function loginForm(query) {
  const message = query.message ? `<p>${escape(query.message)}</p>` : '';
  return `${message}<form method="post"><input name="user"><input name="password" type="password"></form>`;
}

module.exports = { loginForm };
