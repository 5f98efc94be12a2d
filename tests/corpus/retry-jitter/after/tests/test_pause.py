from mirror.pause import LONGEST_S, pause_s


def test_the_pause_grows_up_to_a_limit():
    longest = [pause_s(attempt, draw=lambda low, high: high) for attempt in (1, 2, 3, 9, 5000)]
    assert longest == [2.0, 4.0, 8.0, LONGEST_S, LONGEST_S]
