from safeguards.tokens import digest, matches, new_token


def test_new_token_has_128_bits_or_more_and_is_url_safe():
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(t) * 6 >= 128 and t.replace("-", "").replace("_", "").isalnum() for t in tokens)


def test_matches_only_its_own_digest():
    token = new_token()
    assert token not in digest(token)
    assert matches(token, digest(token)) is True
    assert matches(token + "x", digest(token)) is False
    assert matches("tidak cocok é", "bukan é") is False
