"""
Try every step of the Dockerfile on this machine, without Docker, and then the two commands of the image together.

`python .ci/image.py DATABASE_URL FOLDER`: COPY copies what git tracks, RUN runs in a fresh environment of the same
Python; what needs another user or base image is named and left out. Then migrate, web server and worker run with
production settings against that database; both must answer and end when asked to.
"""

import json
import os
import re
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
LEFT_OUT = {"useradd": "it would make a user on this machine", "apt-get": ".ci/run has installed them"}


def main(database_url: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    subprocess.run(["uv", "venv", "--quiet", "--seed", "--python", "3.13", folder / "venv"], check=True)
    source = folder / "srv"
    source.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DEBUG", "VIRTUAL_ENV", "PYTHONPATH")},
        "PATH": f"{folder / 'venv' / 'bin'}:{os.environ['PATH']}",
    }
    for instruction, rest in instructions():
        step(instruction, rest, source, environment)
    together(source, environment, database_url)


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", (HERE / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in lines]


def step(instruction: str, rest: str, source: Path, environment: dict[str, str]) -> None:
    print(f"{instruction} {rest}"[:110], flush=True)
    if instruction == "ENV":
        pairs = dict(pair.split("=", 1) for pair in shlex.split(rest))
        environment |= {name: value.replace("/srv/portal", str(source)) for name, value in pairs.items()}
    elif instruction == "COPY":
        copy(rest.split()[0], source)
    elif instruction == "RUN" and (why := LEFT_OUT.get(rest.split()[0])):
        print(f"  left out: {why}")
        (source / "var").mkdir(exist_ok=True)
    elif instruction == "RUN":
        subprocess.run(["bash", "-ec", rest], cwd=source, env=environment, check=True, stdout=subprocess.DEVNULL)


def copy(what: str, source: Path) -> None:
    """What a build would copy: the files git knows, less those .dockerignore names."""
    ignored = [line.rstrip("/") for line in (HERE / ".dockerignore").read_text().split()]
    command = ["git", "ls-files", "-co", "--exclude-standard", what]
    listed = subprocess.run(command, cwd=HERE, check=True, text=True, capture_output=True).stdout
    for name in listed.splitlines():
        if not any(name == path or name.startswith(path + "/") for path in ignored) and (HERE / name).exists():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((HERE / name).read_bytes())


def together(source: Path, environment: dict[str, str], database_url: str) -> None:
    """Set-up, web server and worker as docker-compose.yml starts them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment |= {
        "DATABASE_URL": database_url,
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "LOG_FORMAT": "json",
    }
    run = {"cwd": source, "env": environment}
    for command in ("migrate --noinput --verbosity 0", "load_vocabulary"):
        subprocess.run(["python", "manage.py", *command.split()], check=True, **run)
    command = next(rest for instruction, rest in instructions() if instruction == "CMD")
    web = subprocess.Popen(json.loads(command.replace("0.0.0.0:8000", f"127.0.0.1:{port}")), **run)
    worker = subprocess.Popen(["python", "manage.py", "worker", "--heartbeat-file=worker"], **run)
    try:
        wait_for(f"http://127.0.0.1:{port}/health/ready")
        home = urllib.request.urlopen(f"http://127.0.0.1:{port}/es/", timeout=20)
        page = home.read().decode()
        expect("default-src 'none'" in home.headers["Content-Security-Policy"], "no content security policy")
        sheet = re.search(r'href="(/static/css/tokens\.[0-9a-f]+\.css)"', page)[1]
        style = urllib.request.urlopen(f"http://127.0.0.1:{port}{sheet}", timeout=20)
        expect("immutable" in style.headers["Cache-Control"], "static files are not kept by browsers")
        time.sleep(2)
        subprocess.run(["python", "manage.py", "ox_health", "--heartbeat-file=worker"], check=True, **run)
    finally:
        for process in (web, worker):
            process.send_signal(signal.SIGTERM)
    ends = [process.wait(30) for process in (web, worker)]
    print(f"Web server and worker answered, and ended with {ends} when asked to.")
    expect(ends == [0, 0], "a process did not end well")


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(f"The image is wrong: {otherwise}.")


def wait_for(address: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    sys.exit(f"{address} did not answer within {seconds} s")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
