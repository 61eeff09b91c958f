"""Edwards25519 in a page, slow and from the definition (RFC 8032 §5.1): an oracle for bad keys."""

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
L = 2**252 + 27742317777372353535851937790883648493
Point = tuple[int, int]
NEUTRAL: Point = (0, 1)


def add(a: Point, b: Point) -> Point:
    """Add two points (the complete formula for a = -1)."""
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P,
    )


def times(n: int, point: Point) -> Point:
    """Add `point` to itself n times."""
    total = NEUTRAL
    while n:
        if n & 1:
            total = add(total, point)
        point, n = add(point, point), n >> 1
    return total


def encode(point: Point) -> bytes:
    """Write a point in its canonical 32 bytes: y, and the lowest bit of x as the highest."""
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def roots_of(y: int) -> list[int]:
    """Give each x on the curve for this y."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return sorted({x, -x % P}) if x * x % P == square else []


def points() -> "list[Point]":
    """Give a few hundred points of any order, found by trying small y."""
    return [(x, y) for y in range(2, 200) for x in roots_of(y)]


def small_order() -> set[Point]:
    """Give all points whose order divides 8: the multiples of a point of order 8, which is any
    point times the prime L that has eight multiples.
    """
    for point in points():
        eighth = times(L, point)
        found = {times(n, eighth) for n in range(8)}
        if len(found) == 8:
            return found
    message = "no point of order 8"
    raise AssertionError(message)


def all_encodings(point: Point) -> set[bytes]:
    """Give every 32 bytes that some decoder takes for `point`: y or y + p; either sign if x is
    0.
    """
    x, y = point
    signs = {0, 1} if x == 0 else {x & 1}
    return {
        (name | sign << 255).to_bytes(32, "little")
        for name in (y, y + P)
        if name < 2**255
        for sign in signs
    }
