"""PINs on devices, set and used as a browser does it."""

import re

from django.test import Client

PIN, OTHER_PIN = "730519", "284617"
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


def phone(host="lebak.localhost", **options):
    return Client(SERVER_NAME=host, HTTP_USER_AGENT=PHONE, **options)


def signed_in(user):
    client = phone()
    client.force_login(user)
    return client


def reset(client, user):
    return client.post(f"/ruang/tim/{user.memberships.get().pk}/masuk/")


def link_in(response):
    return re.search(r'id="id_link"[^>]*value="http://lebak\.localhost([^"]+)"', response.text)[1]


def set_up(link, pin=PIN, client=None):
    client = client or phone()
    answer = client.post(link, {"pin": pin, "again": pin})
    return client, answer


def at_the_door(client, pin=PIN, **more):
    return client.post("/masuk/pin/", {"pin": pin, **more})
