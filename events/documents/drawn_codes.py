"""QR codes by the hundred: addresses that differ only in a serial of capital letters.

With version, level and mask held, a code is linear over its bits (ISO/IEC 18004): what one bit of
the serial changes, it changes always. So one code and one difference for each bit are encoded, and
every other code is put together from them, thousands of times faster.
"""

import re
from functools import lru_cache

import segno

MASK, LEVEL, QUIET = 2, "m", 4
# Below so many codes the differences cost more than they spare.
WORTH_IT = 150
# Capital letters differ in these bits alone.
BITS = (1, 2, 4, 8, 16)
_BASE = "A"
_RUN = re.compile("1+")


def codes_for(prefix: str, serials: list[str], suffix: str = "") -> list[bytes]:
    """An SVG for each address; all serials have one length and letters from A to Z."""
    if len(serials) < WORTH_IT and not _known(prefix, suffix):
        return [_svg(*_encoded(f"{prefix}{serial}{suffix}")) for serial in serials]
    size, base, changes = _differences(prefix, len(serials[0]), suffix)
    _learned.add((prefix, suffix))
    found = []
    for serial in serials:
        bits = base
        for place, sign in enumerate(serial):
            bits ^= changes[place][ord(sign) ^ ord(_BASE)]
        found.append(_svg(size, bits))
    return found


_learned: set[tuple[str, str]] = set()


def _known(prefix: str, suffix: str) -> bool:
    return (prefix, suffix) in _learned


@lru_cache(maxsize=8)
def _differences(prefix: str, length: int, suffix: str) -> tuple[int, int, list[list[int]]]:
    blank = _BASE * length
    size, base = _encoded(f"{prefix}{blank}{suffix}")
    changes = []
    for place in range(length):
        single = {}
        for bit in BITS:
            sign = chr(ord(_BASE) ^ bit)
            text = blank[:place] + sign + blank[place + 1 :]
            single[bit] = _encoded(f"{prefix}{text}{suffix}")[1] ^ base
        whole = [0] * 32
        for value in range(32):
            for bit in BITS:
                if value & bit:
                    whole[value] ^= single[bit]
        changes.append(whole)
    return size, base, changes


def _encoded(text: str) -> tuple[int, int]:
    """(modules of a side, all modules as one number, row after row)."""
    code = segno.make(text, error=LEVEL, mask=MASK, mode="byte", boost_error=False, micro=False)
    rows = [bytes(row) for row in code.matrix]
    bits = "".join("".join("1" if module & 1 else "0" for module in row) for row in rows)
    return len(rows), int(bits, 2)


def _svg(size: int, bits: int) -> bytes:
    text = f"{bits:0{size * size}b}"
    steps = []
    for row in range(size):
        line = text[row * size : (row + 1) * size]
        y = row + QUIET
        for run in _RUN.finditer(line):
            width = run.end() - run.start()
            steps.append(f"M{run.start() + QUIET} {y}h{width}v1h-{width}z")
    side = size + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{"".join(steps)}"/></svg>'
    ).encode()
