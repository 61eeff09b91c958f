"""Parsers of outside formats: bytes in, typed structs out, `ParseError` on anything else. No I/O."""
