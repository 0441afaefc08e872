"""What the processes of a running `huiyin up` take: proportional set size (shared pages counted once), by process."""

import sys

import psutil


def main() -> int:
    top = psutil.Process(int(sys.argv[1]))
    total = 0
    for process in (top, *top.children(recursive=True)):
        memory = process.memory_full_info()
        total += memory.pss
        words = process.cmdline()
        name = " ".join(words[3:5]) if "-m" in words else " ".join(words)[-60:]
        print(f"{process.pid:8} {memory.pss / 1e6:7.1f} MB  of {memory.rss / 1e6:7.1f} resident  {name}")
    print(f"{total / 1e6:.0f} MB together")
    return 0


if __name__ == "__main__":
    sys.exit(main())
