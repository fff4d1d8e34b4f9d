# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The files of the project, as paths from its root."""
import os
import subprocess


def project_files():
    """What git knows or would add; without git, all files outside of build folders."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
    if listed.returncode == 0:
        return [name for name in listed.stdout.splitlines() if os.path.exists(name)]
    names = []
    for folder, folders, files in os.walk("."):
        folders[:] = [f for f in folders if not f.startswith((".", "build"))]
        names += [os.path.normpath(os.path.join(folder, name)) for name in files]
    return names
