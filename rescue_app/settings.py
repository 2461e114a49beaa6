"""What an installation may set; the only module that reads the environment."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from hazards.monitoring.rules import Keeping

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings with their defaults; each comes from `YITONG_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="YITONG_", populate_by_name=True)

    database_url: str | None = Field(
        default=None, validation_alias=AliasChoices("DATABASE_URL", "YITONG_DATABASE_URL")
    )
    """Owner's URL of a PostgreSQL + PostGIS server; without it a private one is started."""

    app_database_url: str | None = None
    """URL of the application's role; without it the owner's connection becomes `yitong_app`."""

    home: Path = PROJECT / "var"
    """Folder of the private database, keys and files."""

    files_url: str | None = None
    """Where files lie that people attach and jobs leave: a folder, or a URL fsspec knows (s3://)."""

    upload_limit_mb: int = 1024
    """How large a file may be that somebody brings in as a data set."""

    duplicate_radius_m: float = Field(default=200, gt=0, le=5_000)
    """How far around a place a point of its kind or of a like name may be the same one."""

    incident_alike_m: float = Field(default=1_000, gt=0, le=50_000)
    """How near two incidents of one family are perhaps the same one."""

    incident_alike_hours: float = Field(default=24, gt=0, le=720)
    """Within how many hours two incidents are perhaps the same one."""

    terrain_factor: float = Field(default=1.4, ge=1, le=5)
    """How much longer the way is than a straight line, where no road graph says it."""

    crew_kmh: float = Field(default=30, gt=0, le=150)
    """How fast a crew drives on a way that no road graph knows."""

    crew_busy_min: float = Field(default=30, ge=0, le=1_440)
    """So many minutes of way each order in hand weighs when crews are compared."""
    check_in_minutes: float = Field(default=30, gt=0, le=1_440)
    """How long a crew on its site may be silent before it is asked, and then its chain."""

    return_patrol_hours: float = Field(default=4, gt=0, le=48)
    """How often a danger area is walked against return until the all-clear."""

    nats_url: str | None = None
    """Servers of NATS JetStream that carry live events between machines, with commas between."""

    dask_url: str | None = None
    """A Dask scheduler on whose workers disaster records are searched: tcp://host:8786."""

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str | None = None
    """Scheme and host under which phones reach this server; it is printed on every label."""

    emergency_number: str = "119"
    """The number to call that stands on every label."""

    emergency_numbers: dict[str, str] = Field(default_factory=dict)
    """Numbers of districts or streets that have their own, by area code, as JSON."""

    track_days: int = Field(default=7, ge=1, le=90)
    """How many days a track is kept that a patrol agreed to; new ones, not those begun before."""

    cap_sender: str | None = Field(default=None, pattern=r"^[^\s,<&]+$", max_length=100)
    """In whose name warnings go out as CAP messages; without it the host of the public address."""

    cap_unit: str | None = Field(default=None, pattern=r"^\d{0,20}$")
    """Number messages as China's profile does: the area's six digits, these, the time, a number."""

    session_days: int = 30
    """How long a sign-in lasts without use."""

    push_contact: str = "mailto:operator@example.org"
    """Whom a push service may write to about our messages: a mailto: or https: address."""

    push_hosts: list[str] = Field(
        default=[
            "fcm.googleapis.com",
            "push.services.mozilla.com",
            "push.apple.com",
            "notify.windows.com",
        ]
    )
    """Hosts (and what lies below them) of push services that devices may name, as JSON."""

    mqtt_url: str | None = None
    """An MQTT broker whose messages are readings: mqtt://name:password@host:1883, or mqtts."""

    mqtt_mapping: Path | None = None
    """The file that says which topics are which feed's, and how their messages are written."""

    readings_folder: Path | None = None
    """A folder of folders in which files of readings are laid, each with its mapping.yaml."""

    readings_raw_days: int | None = Field(default=None, ge=62, le=36_600)
    """How many days readings are kept each by itself, then by the hour; without it, always."""

    readings_hour_years: int | None = Field(default=None, ge=2, le=200)
    """How many years the hours of thinned readings are kept; without it, always."""

    secure_cookies: bool = False
    """Send cookies over HTTPS alone; set it wherever the server stands behind TLS."""

    basemap: str | None = None
    """A base map below ours: a PMTiles file, or an address of pictures with {z}, {x} and {y}."""

    basemap_attribution: str = ""
    """Whom to name beside the base map."""

    basemap_crs: str = "WGS84"
    """The base map's coordinates; only WGS84 and CGCS2000 lie where ours do."""

    @property
    def files_place(self) -> str:
        """Where files lie."""
        return self.files_url or str(self.home.absolute() / "files")

    @property
    def keeping(self) -> Keeping:
        """How long readings are kept."""
        return Keeping(self.readings_raw_days, self.readings_hour_years)

    @property
    def label_url(self) -> str:
        """Scheme and host as printed on labels."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def sender(self) -> str:
        """In whose name messages go out."""
        return self.cap_sender or urlsplit(self.label_url).hostname or "yitong"

    @property
    def session_life(self) -> timedelta:
        """Life of a sign-in without use."""
        return timedelta(days=self.session_days)
