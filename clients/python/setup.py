"""Adds the stubs of the gRPC contracts, generated from the repository's protos, to the package."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

PROTOS = Path(__file__).resolve().parent.parent.parent / "proto" / "src" / "main" / "proto"


class BuildWithStubs(build_py):
    editable_mode = False

    def run(self) -> None:
        super().run()
        target = Path("src") if self.editable_mode else Path(self.build_lib)
        generate(target)


def generate(target: Path) -> None:
    """Writes rootstock/SERVICE/v1/*_pb2.py, *_pb2.pyi and *_pb2_grpc.py below the target folder."""
    from importlib.resources import files

    from grpc_tools import protoc

    sources = sorted(PROTOS.glob("rootstock/*/v1/*.proto"))
    if not sources:
        raise SystemExit(f"{PROTOS} has no .proto files; run `pip install ./clients/python` in the root of the project")
    target.mkdir(parents=True, exist_ok=True)
    failed = protoc.main(
        [
            "protoc",
            f"--proto_path={PROTOS}",
            f"--proto_path={files('grpc_tools') / '_proto'}",
            f"--python_out={target}",
            f"--pyi_out={target}",
            f"--grpc_python_out={target}",
            *map(str, sources),
        ]
    )
    if failed:
        raise SystemExit("the stubs could not be generated; protoc's error is above")


setup(cmdclass={"build_py": BuildWithStubs})
