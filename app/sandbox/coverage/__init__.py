"""Reports of which lines the tests ran. They come out of the sandbox: bytes of a stranger, in bounds."""
