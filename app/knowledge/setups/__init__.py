"""What installs that which a project's tests need, told by its files."""
