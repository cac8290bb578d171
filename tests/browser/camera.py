"""A camera of Chromium's own that films what a test holds before it."""

import base64
import io
from pathlib import Path

import segno
from PIL import Image

WIDTH, HEIGHT = 640, 480
HEAD = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
TILT = 7


def flags(film: Path) -> list[str]:
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


def hold(film: Path, picture: bytes | None) -> None:
    """Film this picture, a little askew, or an empty wall, from when the camera opens next."""
    frame = Image.new("L", (WIDTH, HEIGHT), 170)
    if picture is not None:
        held = Image.open(io.BytesIO(picture)).convert("L")
        held.thumbnail((300, 300))
        held = held.rotate(TILT, expand=True, fillcolor=170, resample=Image.Resampling.BICUBIC)
        frame.paste(held, (150, 60))
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    fresh = film.with_suffix(".new")
    fresh.write_bytes(HEAD + b"FRAME\n" + frame.tobytes() + colourless)
    # A camera that runs goes on with the film it has.
    fresh.replace(film)


def code(text: str) -> bytes:
    """A QR code on white paper."""
    out = io.BytesIO()
    segno.make(text).save(out, kind="png", scale=8, border=4)
    return out.getvalue()


READ = """async (picture) => {
    const image = new Image();
    image.src = picture;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth || 600, image.naturalHeight || 600];
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { decodeQR } = await import("/static/events/qr/decode.js");
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
}"""


def read(page, picture: bytes | str) -> str:
    """What a telephone reads in a picture or at its address, by the reader of the open page."""
    if isinstance(picture, bytes):
        picture = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    return page.evaluate(READ, picture)
