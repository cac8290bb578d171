from django.contrib.auth.hashers import Argon2PasswordHasher


class SmallHostArgon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB and 2 passes, OWASP's smaller setting.

    Django's default takes 100 MiB for each sign-in: ten colleagues on Monday morning would need a
    gigabyte of a small server.
    """

    memory_cost = 19_456
    time_cost = 2
    parallelism = 1
