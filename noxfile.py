"""Development commands: `nox -s test`, `nox -s lint`, `nox -s wheel`. `nox` alone runs all three."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

nox.options.sessions = ["lint", "test", "wheel"]
nox.options.reuse_existing_virtualenvs = True
FLOOR = "95"  # per cent of branches that the tests cover; it only rises


@nox.session
def test(session: nox.Session) -> None:
    """Run the tests and hold the coverage floor."""
    session.install("-e", ".[test]")
    session.run("pytest", "--cov", f"--cov-fail-under={FLOOR}", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types and layers."""
    session.install("-e", ".[test,lint]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("lint-imports", "--no-cache")


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the wheel and run the tests against it, installed in a clean environment and away from the source."""
    folder = Path(session.create_tmp())
    shutil.rmtree(folder, ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build", "--wheel", "--outdir", str(folder / "dist"))
    session.install("--force-reinstall", *(f"{built}[test]" for built in folder.glob("dist/*.whl")))
    for part in ("tests", "docs"):
        shutil.copytree(part, folder / part)
    for part in ("pyproject.toml", "README.md", "CHANGELOG.md", "feeds.toml"):
        shutil.copy(part, folder)
    session.chdir(folder)
    session.run("python", "-P", "-m", "pytest", *session.posargs)
