"""What a user may set once for all: folders, limits, logins. From WHOAMI_* variables or settings.toml."""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from core import __version__

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder: Home.py, data/ and models/ are here."""


SETTINGS_FILE = ROOT / "settings.toml"
PREFIX = "WHOAMI_"


class _TomlFile(TomlConfigSettingsSource):
    """settings.toml; what the standard library raises for brackets without end and for numbers of thousands of digits
    is one more TOMLDecodeError."""

    def _read_file(self, file_path: Any) -> dict[str, Any]:
        try:
            return super()._read_file(file_path)
        except (tomllib.TOMLDecodeError, UnicodeError):
            raise
        except RecursionError as error:
            raise tomllib.TOMLDecodeError("it is nested too deeply") from error
        except ValueError as error:
            raise tomllib.TOMLDecodeError(str(error)) from error


class Settings(BaseSettings):
    """All settings with their defaults. `Settings()` reads the environment and settings.toml afresh."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, toml_file=SETTINGS_FILE, extra="ignore", frozen=True)

    data_dir: Path = ROOT / "data"
    models_dir: Path | None = None
    """None: models/ of the project, or DATA_DIR/models where data_dir was given."""
    cascade: Path | None = None
    """Where lbpcascade_animeface.xml is, if it is somewhere else than in models/."""
    max_picture_pixels: int = Field(default=80_000_000, gt=0)
    max_picture_bytes: int = Field(default=60_000_000, gt=0)
    user_agent: str = f"WhoAmI/{__version__} (personal character collection; respects robots.txt)"
    request_pause: float = Field(default=0.5, ge=0, le=3600)
    """Seconds between two requests to one host; its robots.txt may ask for more."""
    private_addresses: bool = False
    """Whether pictures may be fetched from this machine and the network around it: for a board of one's own there."""
    plugins: str = ""
    """Modules that bring sources, detectors, encoders or commands (docs/extending.md), separated by commas."""
    gallery_index: Literal["exact", "milvus"] = "exact"
    """What searches the enrolled faces (docs/scale.md): exact compares with every one."""
    milvus_uri: str = ""
    """Address of a Milvus server; empty: a file in the workspace."""
    milvus_token: str = ""
    milvus_engine: Literal["FLAT", "IVF_FLAT", "HNSW"] = "FLAT"
    sign_in_allowed: str = ""
    """Who may sign in (docs/sign-in.md): e-mail addresses separated by commas, `*@example.org` for a domain, `*` for
    all whom the provider knows."""
    without_sign_in: bool = False
    """Whether the app may be reached from other machines although nobody has to sign in."""
    danbooru_login: str = ""
    danbooru_api_key: str = ""
    gelbooru_user_id: str = ""
    gelbooru_api_key: str = ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _TomlFile(settings_cls)

    @property
    def models(self) -> Path:
        """The folder of trained models."""
        if self.models_dir is not None:
            return self.models_dir
        return ROOT / "models" if self.data_dir == ROOT / "data" else self.data_dir / "models"


def current_settings() -> Settings:
    """`Settings()`, read anew only where the environment or settings.toml has changed: a page asks many times."""
    environment = tuple((name, os.environ[name]) for name in os.environ if name.upper().startswith(PREFIX))
    file = Settings.model_config.get("toml_file")
    try:
        about = Path(file).stat() if isinstance(file, (str, Path)) else None
    except OSError:
        about = None
    return _read(environment, str(file), about and (about.st_ino, about.st_mtime_ns, about.st_size))


@lru_cache(maxsize=8)
def _read(environment: tuple[tuple[str, str], ...], file: str, about: tuple[int, int, int] | None) -> Settings:
    return Settings()


PRETRAINED = ROOT / "models" / "pretrained"
"""The shipped weights, whatever models_dir says."""
