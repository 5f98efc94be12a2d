"""Analyzers: programs that raise alarms about files. They run in the sandbox; what they print is untrusted."""
