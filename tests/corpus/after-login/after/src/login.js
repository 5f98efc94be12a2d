'use strict';

const START = '/';

/** A path of this site, or the start page. */
function target(next) {
  return typeof next === 'string' && next.startsWith('/') ? next : START;
}

/** What the browser is told after the form was sent. */
function afterLogin(user, passwords, form) {
  if (!user || passwords.get(user) !== form.password) {
    return { status: 401, body: 'Name or password is wrong.' };
  }
  return { status: 303, headers: { Location: target(form.next) } };
}

module.exports = { afterLogin, target };
