"""Property tests draw the same examples in every run; a failure prints how to replay it."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "reproducible",
    max_examples=200,
    derandomize=True,
    print_blob=True,
    # How long an example takes says something about the machine's load, nothing about the code.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("reproducible")
