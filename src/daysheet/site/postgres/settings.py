"""What the server is told: memory, safety, who may come in. Written anew at every start."""

import os
from collections.abc import Iterable, Mapping

ROLES = ("postgres", "daysheet_owner", "daysheet_app", "daysheet_sealer")

ALWAYS = {
    "listen_addresses": "",  # the socket only
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "iso, ymd",
    "default_text_search_config": "pg_catalog.simple",
    "jit": "off",  # screens ask small questions: compiling them costs more than it saves
    "random_page_cost": "1.1",
    "idle_in_transaction_session_timeout": "5min",  # an open transaction holds back the sealing of the diary
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgres-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    "log_line_prefix": "%m [%p] %u ",
    # Statements, values and details of errors hold patients' data: none of them reaches the log.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
}


def office() -> dict[str, str]:
    """Return the settings of an office's server, by the machine's memory: an answered write is on disk."""
    megabytes = _memory() // 2**20
    return {
        **ALWAYS,
        "shared_buffers": f"{min(1024, max(128, megabytes // 8))}MB",
        "effective_cache_size": f"{max(256, megabytes // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(512, max(64, megabytes // 16))}MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
    }


def throwaway() -> dict[str, str]:
    """Return the settings of a test server: nothing in it must outlive a power cut."""
    return {
        **ALWAYS,
        "logging_collector": "off",
        "shared_buffers": "64MB",
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "autovacuum": "off",
    }


def files(tuning: Mapping[str, str], people: Iterable[str]) -> dict[str, str]:
    """Return the three files of a cluster: settings, who may come in, and as which role."""
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in tuning.items()]
    # Limit: one account of the machine may log in as every role; that stops bugs and SQL injection, not a
    # thief with the account. On a server of its own the web has an account mapped to daysheet_app only.
    idents = [f'daysheet "{person}" {role}' for person in sorted(people) for role in ROLES]
    rules = ["local all all peer map=daysheet", "local replication postgres peer map=daysheet"]
    return {
        "postgresql.conf": "\n".join(lines) + "\n",
        "pg_ident.conf": "\n".join(idents) + "\n",
        "pg_hba.conf": "\n".join(rules) + "\n",
    }


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 2 * 2**30
