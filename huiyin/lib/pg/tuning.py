"""Server settings by the machine's memory. Pure but for `machine_memory`."""

from pathlib import Path

import psutil

MEBIBYTE = 1024 * 1024


def machine_memory() -> int:
    """Bytes this process may use: the machine's, or the container's where that is less."""
    total = int(psutil.virtual_memory().total)
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            total = min(total, int(Path(file).read_text()))
        except (OSError, ValueError):
            continue
    return total


def tuning(memory: int, *, durable: bool) -> dict[str, str]:
    """Settings for a machine of so many bytes, which the server shares with the product's other processes.

    Not durable means for tests: fast, and lost with the power.
    """

    def share(part: int, least: int, most: int) -> str:
        return f"{max(least, min(most, memory // part // MEBIBYTE))}MB"

    settings = {
        "listen_addresses": "''",
        "max_connections": "100",
        "shared_buffers": share(8, 64, 2048),
        "effective_cache_size": share(2, 256, 65536),
        "work_mem": share(512, 4, 48),
        "maintenance_work_mem": share(24, 64, 1024),
        "wal_buffers": "16MB",
        "max_wal_size": "2GB",
        "min_wal_size": "128MB",
        "wal_compression": "on",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] '",
        "log_checkpoints": "off",
        "log_min_duration_statement": "2s",
        "idle_in_transaction_session_timeout": "10min",
        "cluster_name": "'huiyin'",
    }
    if not durable:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "autovacuum": "off",
            "shared_buffers": "128MB",
        }
    return settings
