"""The kinds of weakening that `app.policy.weakening` looks for, a file each. Pure."""
