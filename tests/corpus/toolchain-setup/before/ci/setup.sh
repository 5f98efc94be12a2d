#!/bin/bash
set -euo pipefail

echo "using $(cc --version | head -n 1)"
