from accounts.admin import staff_acts, users  # noqa: F401 -- they register themselves
