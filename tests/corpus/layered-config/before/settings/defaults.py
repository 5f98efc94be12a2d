DEFAULTS = {
    "server": {"host": "127.0.0.1", "port": 8080},
    "mail": {"sender": "noreply@example.com", "retries": 3},
    "features": {"export": False, "beta": False},
}
