"""How members prove who they are, besides a password: codes, passkeys, a PIN on a known device."""
