"""Many look at the same time; who changes is alone."""

import threading
import time

from retrieval.index.embedded.read_write_lock import ReadWriteLock


def test_those_who_look_do_not_wait_for_each_other() -> None:
    lock, together = ReadWriteLock(), threading.Barrier(4, timeout=5)

    def look() -> None:
        with lock.reading():
            together.wait()  # breaks unless all four are inside

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not together.broken


def test_nobody_looks_while_it_changes() -> None:
    """Two numbers that are changed one after the other are always seen alike."""
    lock, pair, torn = ReadWriteLock(), [0, 0], []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            with lock.reading():
                first = pair[0]
                time.sleep(0.0005)
                torn.append(first != pair[1])

    def change() -> None:
        for _ in range(50):
            with lock.writing():
                pair[0] += 1
                time.sleep(0.0005)
                pair[1] += 1

    looking = [threading.Thread(target=look) for _ in range(4)]
    changing = [threading.Thread(target=change) for _ in range(2)]
    for thread in [*looking, *changing]:
        thread.start()
    for thread in changing:
        thread.join()
    done.set()
    for thread in looking:
        thread.join()
    assert pair == [100, 100]
    assert torn
    assert not any(torn)
