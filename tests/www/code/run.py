"""python3 run.py FOLDER…: runs each folder's sign.py."""

import os
import runpy
import sys

for folder in sys.argv[1:]:
    runpy.run_path(os.path.join(folder, "sign.py"), run_name="__main__")
