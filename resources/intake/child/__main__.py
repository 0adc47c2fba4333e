"""Entry of the child process: limits first, then everything else."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # -I leaves the project off the path; appended, so that nothing in it can stand in for the standard library.
    sys.path.append(str(Path(__file__).resolve().parents[3]))

    from resources.intake.child import limits

    limits.apply(float(sys.argv[2]))

    from resources.intake.child.main import main

    main(sys.argv[1:])
