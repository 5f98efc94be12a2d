from auth.throttle import Throttle

now = [0.0]
throttle = Throttle(clock=lambda: now[0])
for number in range(5000):
    throttle.allow(f"10.0.{number // 256}.{number % 256}")
now[0] = 3600.0
throttle.allow("192.0.2.1")
assert len(throttle) < 10, f"{len(throttle)} addresses are kept after an hour"
