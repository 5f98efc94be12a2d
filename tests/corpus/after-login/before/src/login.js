'use strict';

/** What the browser is told after the form was sent. */
function afterLogin(user, passwords, form) {
  if (!user || passwords.get(user) !== form.password) {
    return { status: 401, body: 'Name or password is wrong.' };
  }
  return { status: 303, headers: { Location: '/' } };
}

module.exports = { afterLogin };
