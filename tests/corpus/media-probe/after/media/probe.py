import json
import subprocess
from pathlib import Path

TIMEOUT_S = 20


class ProbeError(Exception):
    """The file is no video that can be played."""


def length_s(path: Path, command: str = "ffprobe") -> float:
    """How long a video is, in seconds. Raises ProbeError."""
    arguments = [command, "-v", "error", "-show_entries", "format=duration", "-of", "json", f"file:{path}"]
    try:
        done = subprocess.run(arguments, capture_output=True, timeout=TIMEOUT_S, check=True)
        return float(json.loads(done.stdout)["format"]["duration"])
    except subprocess.TimeoutExpired as error:
        raise ProbeError(f"{path.name}: no answer within {TIMEOUT_S} s") from error
    except (subprocess.CalledProcessError, KeyError, ValueError) as error:
        raise ProbeError(f"{path.name} is no video") from error
