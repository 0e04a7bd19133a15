# SPDX-License-Identifier: MIT
"""The command line of the generator."""
import pathlib
from . import model, outputs
if __name__ == "__main__":
    for path, text in outputs.committed(model.load()).items():
        path = pathlib.Path(path); path.parent.mkdir(parents=True, exist_ok=True); path.write_text(text)
